package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.RoomId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listeners of this JVM on the publishing thread. */
final class LocalRoomBroadcaster implements RoomBroadcaster {

    private static final Logger log = LoggerFactory.getLogger(LocalRoomBroadcaster.class);

    /** Bounded by the streams of this JVM: a room without a listener has no entry. */
    private final ConcurrentMap<RoomId, List<Listener>> listeners = new ConcurrentHashMap<>();

    @Override
    public void publish(RoomSignal signal) {
        listeners.getOrDefault(signal.id(), List.of()).forEach(listener -> listener.onSignal(signal));
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> consumer) {
        Listener listener = new Listener(room, consumer);
        listeners.compute(room, (id, present) -> {
            List<Listener> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(listener);
            return all;
        });
        return listener;
    }

    private final class Listener implements Registration {

        private final RoomId room;
        private final Consumer<RoomSignal> consumer;
        private volatile boolean closed;

        Listener(RoomId room, Consumer<RoomSignal> consumer) {
            this.room = room;
            this.consumer = consumer;
        }

        void onSignal(RoomSignal signal) {
            try {
                if (!closed) {
                    consumer.accept(signal);
                }
            } catch (Throwable e) {
                log.warn("A listener failed", Failures.withoutMessages(e)); // The others are called all the same.
            }
        }

        @Override
        public void close() {
            closed = true;
            listeners.computeIfPresent(room, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}
