package io.github.ephemeralchat.sse;

import java.time.Duration;

/**
 * When a poll has its events: once there is one of the log and nothing more, once it is large enough, or once its time is
 * over. Used by the stream's task, but for {@link #hurry} and {@link #isOver}, which are for any thread.
 */
final class PollEnd {

    /** What follows comes with the next poll: a response that is sent as a whole is held in memory. */
    private static final int ENOUGH_BYTES = 256 << 10;

    private final long endsAt;
    private volatile boolean hurried;
    private volatile boolean hasEvent;
    private int bytes;

    PollEnd(long nanosNow, Duration wait) {
        endsAt = nanosNow + wait.toNanos();
    }

    /**
     * Takes note of what was written.
     *
     * @param hasLogged whether an event of the log is among all that was
     */
    void wrote(int count, boolean hasLogged) {
        bytes += count;
        hasEvent = hasLogged;
    }

    boolean isFull() {
        return bytes >= ENOUGH_BYTES;
    }

    /** Ends the waiting. */
    void hurry() {
        hurried = true;
    }

    boolean isOver(long nanosNow) {
        return hasEvent || hurried || nanosNow - endsAt >= 0;
    }
}
