package io.github.ephemeralchat.scripted;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A broadcaster that loses, delays, doubles and reorders signals as a test says. Thread-safe. */
public final class ScriptedBroadcaster implements RoomBroadcaster {

    private enum Point {
        SUBSCRIBING,
        PUBLISHING
    }

    private final Map<RoomId, List<Listener>> listeners = new ConcurrentHashMap<>();
    private final List<Consumer<NodeSignal>> listenersOfAll = new CopyOnWriteArrayList<>();
    private final List<NodeSignal> publishedToAll = new CopyOnWriteArrayList<>();
    private volatile RuntimeException allFailure;
    private final Set<RoomId> cutOff = ConcurrentHashMap.newKeySet();
    private final List<RoomSignal> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final Hooks<Point> hooks = new Hooks<>();
    private volatile boolean holding;
    private volatile RuntimeException closeFailure;

    private final AtomicInteger open = new AtomicInteger();

    private record Listener(Consumer<RoomSignal> consumer) {}

    // ---- By the test ----

    /** From now on signals are only noted; the test delivers them, or not. */
    public void hold() {
        holding = true;
    }

    public void deliver(RoomSignal signal) {
        for (Listener listener : listeners.getOrDefault(signal.id(), List.of())) {
            listener.consumer.accept(signal);
        }
    }

    /** All signals so far, in the order of publishing. */
    public List<RoomSignal> published() {
        return List.copyOf(published);
    }

    public int openRegistrations() {
        return open.get();
    }

    public int openedRegistrations() {
        return opened.get();
    }

    /** Runs a hook within the next subscribe, once signals arrive; what it throws, subscribe throws. */
    public void whileSubscribing(Runnable hook) {
        hooks.add(Point.SUBSCRIBING, hook);
    }

    public void whilePublishing(Runnable hook) {
        hooks.add(Point.PUBLISHING, hook);
    }

    /** From now on nothing can be sent to this room. */
    public void cutOff(Room room) {
        cutOff.add(room.id());
    }

    /** Closing a registration closes it, and then throws. */
    public void failCloseWith(RuntimeException thrown) {
        closeFailure = thrown;
    }

    /** What was sent to all nodes so far. */
    public List<NodeSignal> publishedToAll() {
        return List.copyOf(publishedToAll);
    }

    /** From now on nothing can be sent to all nodes, and nobody can listen to it; null ends that. */
    public void failToAllWith(RuntimeException thrown) {
        allFailure = thrown;
    }

    public int listenersOfAll() {
        return listenersOfAll.size();
    }

    // ---- By the engine ----

    @Override
    public void publishToAll(NodeSignal signal) {
        publishedToAll.add(signal);
        failToAll();
        if (!holding) {
            listenersOfAll.forEach(listener -> listener.accept(signal));
        }
    }

    @Override
    public Registration subscribeToAll(Consumer<NodeSignal> listener) {
        failToAll();
        listenersOfAll.add(listener);
        return () -> listenersOfAll.remove(listener);
    }

    private void failToAll() {
        RuntimeException failure = allFailure;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void publish(RoomSignal signal) {
        published.add(signal);
        hooks.reach(Point.PUBLISHING);
        if (cutOff.contains(signal.id())) {
            throw new ChatUnavailableException("the test has cut the room off");
        }
        if (!holding) {
            deliver(signal);
        }
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> consumer) {
        Listener listener = new Listener(consumer);
        add(room, listener);
        AtomicBoolean closed = new AtomicBoolean();
        Registration registration = () -> {
            if (closed.compareAndSet(false, true)) {
                remove(room, listener);
            }
            if (closeFailure != null) {
                throw closeFailure;
            }
        };
        try {
            hooks.reach(Point.SUBSCRIBING);
            return registration;
        } catch (Throwable e) {
            registration.close();
            throw e;
        }
    }

    private void add(RoomId room, Listener listener) {
        listeners.compute(room, (id, present) -> {
            List<Listener> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(listener);
            return all;
        });
        opened.incrementAndGet();
        open.incrementAndGet();
    }

    private void remove(RoomId room, Listener listener) {
        listeners.computeIfPresent(room, (id, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
        open.decrementAndGet();
    }
}
