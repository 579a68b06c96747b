package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import java.util.function.Consumer;

/** Hears nothing at all for a while, not even that it has missed something. */
final class DeafBroadcaster implements RoomBroadcaster {

    private final RoomBroadcaster target;
    private volatile boolean deaf;
    private volatile boolean lostAnEntry;
    private volatile boolean lostTheHint;

    DeafBroadcaster(RoomBroadcaster target) {
        this.target = target;
    }

    void deafen() {
        deaf = true;
    }

    void hear() {
        deaf = false;
    }

    boolean lostAnEntry() {
        return lostAnEntry;
    }

    /** Whether it was told, and told nobody, that it may have missed something: it listens to the new server by then. */
    boolean lostTheHint() {
        return lostTheHint;
    }

    @Override
    public void publish(RoomSignal signal) {
        target.publish(signal);
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
        return target.subscribe(room, signal -> {
            if (!deaf) {
                listener.accept(signal);
            } else if (signal instanceof RoomSignal.EntryAppended) {
                lostAnEntry = true;
            } else if (signal instanceof RoomSignal.Missed) {
                lostTheHint = true;
            }
        });
    }

    @Override
    public void publishToAll(NodeSignal signal) {
        target.publishToAll(signal);
    }

    @Override
    public Registration subscribeToAll(Consumer<NodeSignal> listener) {
        return target.subscribeToAll(signal -> {
            if (!deaf) {
                listener.accept(signal);
            }
        });
    }
}
