package io.github.ephemeralchat.internal.feed;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** When a feed is to be compared with the store, and whether that is queued already: each feed is queued once at most. */
final class CheckSchedule {

    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicLong due = new AtomicLong(NEVER);

    void dueAt(long nanos) {
        due.set(nanos);
    }

    /** The same, unless an earlier check was asked for already. */
    void firstDueAt(long nanos) {
        due.compareAndSet(NEVER, nanos);
    }

    boolean isDue(long nanos) {
        long at = due.get();
        return at != NEVER && nanos - at >= 0;
    }

    /** {@return whether the caller has to queue the check} */
    boolean enqueue() {
        return queued.compareAndSet(false, true);
    }

    /** What is asked for from now on leads to another check. */
    void begin() {
        queued.set(false);
    }
}
