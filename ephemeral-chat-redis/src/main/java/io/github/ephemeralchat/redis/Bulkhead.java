package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.ChatUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many callers wait for Redis at once. While it answers, one more caller waits for a place; while it is silent,
 * one more fails at once, so that an outage does not take all threads of the host.
 */
final class Bulkhead {

    static final int MAX_WAITING = 64;

    private static final long SILENT_AFTER_NANOS = Duration.ofMillis(500).toNanos();
    private static final long RECHECK_MILLIS = 50;

    private final Semaphore places = new Semaphore(MAX_WAITING);
    /** When Redis last answered, or had nothing to answer. */
    private volatile long lastAnswer = System.nanoTime();

    void enter(long deadlineNanos) {
        if (places.availablePermits() == MAX_WAITING) {
            lastAnswer = System.nanoTime();
        }
        if (!places.tryAcquire()) {
            waitForPlace(deadlineNanos);
        }
    }

    private void waitForPlace(long deadlineNanos) {
        try {
            do {
                long now = System.nanoTime();
                if (now - lastAnswer > SILENT_AFTER_NANOS || now - deadlineNanos >= 0) {
                    throw new ChatUnavailableException("Redis is silent, and enough callers wait for it");
                }
            } while (!places.tryAcquire(RECHECK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatUnavailableException("interrupted while waiting for Redis");
        }
    }

    void leave() {
        places.release();
    }

    void answered() {
        lastAnswer = System.nanoTime();
    }
}
