package io.github.ephemeralchat;

import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Puts a service together, for hosts that say more than which store. Not thread-safe.
 *
 * <pre>{@code
 * EphemeralChatService chat = EphemeralChatService.builder(redis.store())
 *         .broadcaster(redis.broadcaster())
 *         .observer(new ChatMetrics(meters))
 *         .build();
 * }</pre>
 */
public final class EphemeralChatServiceBuilder {

    final RoomStore store;
    RoomBroadcaster broadcaster = NoOtherNode.INSTANCE;

    @Nullable
    Executor executor;

    final List<ChatObserver> observers = new ArrayList<>();

    EphemeralChatServiceBuilder(RoomStore store) {
        this.store = store;
    }

    /**
     * Sets how nodes tell each other. Without this there is one node.
     *
     * @param value the broadcaster, which the host closes itself
     * @return this
     */
    public EphemeralChatServiceBuilder broadcaster(RoomBroadcaster value) {
        broadcaster = value;
        return this;
    }

    /**
     * Sets where listeners run. Without this the service has eight threads for them.
     *
     * @param value the host's executor: there is at most one task for each listener in it
     * @return this
     */
    public EphemeralChatServiceBuilder executor(Executor value) {
        executor = value;
        return this;
    }

    /**
     * Adds somebody who is told what happens on this node.
     *
     * @param value the observer; each that is added is told
     * @return this
     */
    public EphemeralChatServiceBuilder observer(ChatObserver value) {
        observers.add(value);
        return this;
    }

    /**
     * Makes the service.
     *
     * @return the service, to be closed by the host
     */
    public EphemeralChatService build() {
        return new EphemeralChatService(this);
    }
}
