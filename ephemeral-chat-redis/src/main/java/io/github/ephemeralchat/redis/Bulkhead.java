package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.ChatUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many callers wait for Redis at once. While it answers, one more caller waits its turn; while it is silent,
 * one more fails at once, so that an outage does not take all threads of the host.
 */
final class Bulkhead {

    static final int MAX_WAITING = 64;

    private static final long SILENT_AFTER_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Semaphore places = new Semaphore(MAX_WAITING);
    private final AtomicInteger inside = new AtomicInteger();
    /** When Redis last answered, or had nothing to answer. */
    private volatile long lastSign = System.nanoTime();

    void enter(long giveUpNanos) {
        if (!places.tryAcquire()) {
            waitForPlace(giveUpNanos);
        }
        if (inside.getAndIncrement() == 0) {
            lastSign = System.nanoTime();
        }
    }

    private void waitForPlace(long giveUpNanos) {
        try {
            do {
                long now = System.nanoTime();
                if (now - lastSign > SILENT_AFTER_NANOS || now - giveUpNanos >= 0) {
                    throw new ChatUnavailableException("Redis is silent, and enough callers wait for it");
                }
            } while (!places.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatUnavailableException("interrupted while waiting for Redis");
        }
    }

    void leave() {
        inside.decrementAndGet();
        places.release();
    }

    void answered() {
        lastSign = System.nanoTime();
    }
}
