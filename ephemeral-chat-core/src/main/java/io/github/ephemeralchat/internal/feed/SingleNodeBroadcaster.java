package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import java.util.function.Consumer;

/** For a service that is alone with its rooms: it tells its own subscribers by itself, and there is nobody else. */
public enum SingleNodeBroadcaster implements RoomBroadcaster {
    INSTANCE;

    @Override
    public void publish(RoomSignal signal) {}

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
        return () -> {};
    }

    @Override
    public void publishToAll(NodeSignal signal) {}

    @Override
    public Registration subscribeToAll(Consumer<NodeSignal> listener) {
        return () -> {};
    }
}
