package io.github.ephemeralchat.internal.support;

import io.github.ephemeralchat.model.ChatUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many callers wait for a store's server at once. While it answers, one more caller waits for a place; while it is silent,
 * one more fails at once, so that an outage does not take all threads of the host. Thread-safe.
 */
public final class Bulkhead {

    private static final long SILENT_AFTER_NANOS = Duration.ofMillis(500).toNanos();
    private static final long RECHECK_MILLIS = 50;

    private final String server;
    private final int most;
    private final Semaphore places;
    /** When the server last answered, or had nothing to answer. */
    private volatile long lastAnswer = System.nanoTime();

    /**
     * Creates a bulkhead with all places free.
     *
     * @param server the server's name, for messages
     * @param most how many wait at once
     */
    public Bulkhead(String server, int most) {
        this.server = server;
        this.most = most;
        this.places = new Semaphore(most);
    }

    /**
     * Takes a place.
     *
     * @param deadlineNanos until when to wait for one, by {@link System#nanoTime()}
     * @throws ChatUnavailableException if none is free in time, or the server is silent
     */
    public void enter(long deadlineNanos) {
        if (places.availablePermits() == most) {
            lastAnswer = System.nanoTime();
        }
        if (!places.tryAcquire()) {
            waitForPlace(deadlineNanos);
        }
    }

    private void waitForPlace(long deadlineNanos) {
        try {
            do {
                if (isSilent() || System.nanoTime() - deadlineNanos >= 0) {
                    throw new ChatUnavailableException(server + " is silent, and enough callers wait for it");
                }
            } while (!places.tryAcquire(RECHECK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatUnavailableException("interrupted while waiting for " + server);
        }
    }

    /** {@return whether the server has not answered for half a second, though it was asked} */
    public boolean isSilent() {
        return System.nanoTime() - lastAnswer > SILENT_AFTER_NANOS;
    }

    /** Gives a place back. */
    public void leave() {
        places.release();
    }

    /** Says that the server has answered. */
    public void answered() {
        lastAnswer = System.nanoTime();
    }
}
