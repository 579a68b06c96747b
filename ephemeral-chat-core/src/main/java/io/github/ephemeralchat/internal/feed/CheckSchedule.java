package io.github.ephemeralchat.internal.feed;

import java.util.concurrent.atomic.AtomicBoolean;

/** When a feed is to be compared with the store, and whether that is queued already: each feed is queued once at most. */
final class CheckSchedule {

    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile long due;

    void dueAt(long nanos) {
        due = nanos;
    }

    boolean isDue(long nanos) {
        return nanos - due >= 0;
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
