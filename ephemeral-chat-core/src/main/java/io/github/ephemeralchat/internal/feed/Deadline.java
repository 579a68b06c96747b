package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EphemeralChatException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Until when a caller waits for the feed; every wait in the engine has one, and can be interrupted. */
final class Deadline {

    private final LongSupplier nanoTime;
    private final long end;

    Deadline(LongSupplier nanoTime, long nanos) {
        this.nanoTime = nanoTime;
        this.end = nanoTime.getAsLong() + nanos;
    }

    /**
     * Fails if it has passed.
     *
     * @throws ChatUnavailableException if it has
     */
    void check() {
        if (hasPassed()) {
            throw new ChatUnavailableException("the store needs too long for a room's history");
        }
    }

    boolean hasPassed() {
        return left() <= 0;
    }

    /**
     * Waits until another thread is done, and shares its failure.
     *
     * @throws EphemeralChatException if the other thread failed with it
     * @throws ChatUnavailableException if the other thread failed otherwise, the deadline passed or this was interrupted
     */
    void await(CompletableFuture<Void> other) {
        try {
            other.get(left(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EphemeralChatException known) {
                throw known;
            }
            throw new ChatUnavailableException("the room's feed did not start", e);
        } catch (TimeoutException e) {
            throw new ChatUnavailableException("the store needs too long for a room's history", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatUnavailableException("interrupted while waiting for a room's history", e);
        }
    }

    private long left() {
        return end - nanoTime.getAsLong();
    }
}
