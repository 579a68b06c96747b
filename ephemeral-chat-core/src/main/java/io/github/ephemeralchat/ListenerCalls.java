package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.RoomId;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one listener of the host's on an executor: the calls about one room one at a time and in order, with one task of the
 * executor for each room that waits. Bounded and thread-safe; no call blocks the thread that asks for it.
 */
final class ListenerCalls {

    static final int MAX_WAITING = 10_000;

    private static final Logger log = LoggerFactory.getLogger(ListenerCalls.class);

    private final RoomListener listener;
    private final Executor executor;
    /** By room; a room is there as long as a task of the executor is its own. */
    private final ConcurrentMap<RoomId, Queue<Consumer<RoomListener>>> calls = new ConcurrentHashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();
    /** Whether calls were dropped since none was waiting. */
    private final AtomicBoolean overflowing = new AtomicBoolean();

    ListenerCalls(RoomListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void add(RoomId room, Consumer<RoomListener> call) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            if (overflowing.compareAndSet(false, true)) {
                log.warn("A listener of rooms is too slow: calls are dropped until it has caught up");
            }
            return;
        }
        AtomicBoolean idle = new AtomicBoolean();
        calls.compute(room, (id, present) -> {
            idle.set(present == null);
            Queue<Consumer<RoomListener>> all = present == null ? new ConcurrentLinkedQueue<>() : present;
            all.add(call);
            return all;
        });
        if (idle.get()) {
            execute(room);
        }
    }

    private void execute(RoomId room) {
        try {
            executor.execute(() -> callNext(room));
        } catch (RejectedExecutionException | Error e) { // The latter if there is no thread to be had.
            if (overflowing.compareAndSet(false, true)) {
                log.warn("The listeners' executor takes no more tasks: calls are dropped until it has caught up");
            }
            calls.computeIfPresent(room, (id, all) -> {
                waiting.addAndGet(-all.size());
                return null;
            });
        }
    }

    /** One call a task: then others get the thread. */
    private void callNext(RoomId room) {
        Queue<Consumer<RoomListener>> all = calls.get(room);
        Consumer<RoomListener> next = all == null ? null : all.peek();
        if (next != null) {
            call(next);
        }
        boolean more = calls.computeIfPresent(room, (id, present) -> {
                    present.poll();
                    return present.isEmpty() ? null : present;
                })
                != null;
        if (waiting.decrementAndGet() == 0) {
            overflowing.set(false);
        }
        if (more) {
            execute(room);
        }
    }

    private void call(Consumer<RoomListener> call) {
        try {
            call.accept(listener);
        } catch (Throwable e) {
            // Also an error of the host's ends one call only.
            log.warn("A listener of rooms failed", Failures.withoutMessages(e));
        }
    }
}
