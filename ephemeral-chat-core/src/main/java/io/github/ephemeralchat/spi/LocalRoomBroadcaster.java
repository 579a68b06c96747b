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
    private final ConcurrentMap<RoomId, List<Listener<RoomSignal>>> listeners = new ConcurrentHashMap<>();

    /** One for each service. */
    private final List<Listener<NodeSignal>> listenersOfAll = new CopyOnWriteArrayList<>();

    @Override
    public void publish(RoomSignal signal) {
        listeners.getOrDefault(signal.id(), List.of()).forEach(listener -> listener.onSignal(signal));
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> consumer) {
        Listener<RoomSignal> listener = new Listener<>(consumer);
        listeners.compute(room, (id, present) -> {
            List<Listener<RoomSignal>> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(listener);
            return all;
        });
        return () -> {
            listener.close();
            listeners.computeIfPresent(room, (id, all) -> {
                all.remove(listener);
                return all.isEmpty() ? null : all;
            });
        };
    }

    @Override
    public void publishToAll(NodeSignal signal) {
        listenersOfAll.forEach(listener -> listener.onSignal(signal));
    }

    @Override
    public Registration subscribeToAll(Consumer<NodeSignal> consumer) {
        Listener<NodeSignal> listener = new Listener<>(consumer);
        listenersOfAll.add(listener);
        return () -> {
            listener.close();
            listenersOfAll.remove(listener);
        };
    }

    /** Not a record: two registrations of one consumer are two. */
    private static final class Listener<S> {

        private final Consumer<S> consumer;
        private volatile boolean closed;

        Listener(Consumer<S> consumer) {
            this.consumer = consumer;
        }

        void onSignal(S signal) {
            try {
                if (!closed) {
                    consumer.accept(signal);
                }
            } catch (Throwable e) {
                log.warn("A listener failed", Failures.withoutMessages(e)); // The others are called all the same.
            }
        }

        void close() {
            closed = true;
        }
    }
}
