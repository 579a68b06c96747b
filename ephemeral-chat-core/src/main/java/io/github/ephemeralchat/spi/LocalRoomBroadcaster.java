package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.RoomId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listeners of this JVM on the publishing thread. */
final class LocalRoomBroadcaster implements RoomBroadcaster {

    private static final Logger log = LoggerFactory.getLogger(LocalRoomBroadcaster.class);

    /** One entry for each room somebody listens to; bounded by the streams of this node. */
    private final ConcurrentMap<RoomId, CopyOnWriteArrayList<Listener>> listeners = new ConcurrentHashMap<>();

    @Override
    public void publish(RoomSignal signal) {
        CopyOnWriteArrayList<Listener> room = listeners.get(signal.id());
        if (room != null) {
            room.forEach(listener -> listener.hear(signal));
        }
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> consumer) {
        Listener listener = new Listener(consumer);
        listeners.compute(room, (id, present) -> {
            CopyOnWriteArrayList<Listener> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(listener);
            return all;
        });
        return () -> remove(room, listener);
    }

    private void remove(RoomId room, Listener listener) {
        listener.open.set(false);
        listeners.computeIfPresent(room, (id, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    private record Listener(Consumer<RoomSignal> consumer, AtomicBoolean open) {

        Listener(Consumer<RoomSignal> consumer) {
            this(consumer, new AtomicBoolean(true));
        }

        void hear(RoomSignal signal) {
            if (!open.get()) {
                return;
            }
            try {
                consumer.accept(signal);
            } catch (Throwable e) {
                // Only the class: a message might quote what somebody wrote.
                log.warn("A listener failed with {}", e.getClass().getName());
            }
        }
    }
}
