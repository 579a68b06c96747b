package io.github.ephemeralchat.sse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes each client address has brought into rooms that live: so that none fills the store for all others. What
 * it has brought into a room counts until the room's deadline, and never for more than all that the room's log holds.
 * Thread-safe.
 */
final class AddressBudget {

    /** Beyond it the shares that were left alone longest are forgotten. */
    private static final int MAX_SHARES = 100_000;

    private final long max;

    /** What one address has brought into one room. */
    private final Cache<Key, Share> shares;
    /** The sums of the shares, and of what is being written; an address without any is absent. */
    private final Map<Object, Long> totals = new ConcurrentHashMap<>();

    private record Key(Object address, RoomId room) {}

    private record Share(long bytes, Duration left) {}

    /**
     * Creates a budget that nothing has been taken from.
     *
     * @param max bytes for each address; {@link Long#MAX_VALUE} if nothing is limited
     */
    AddressBudget(long max, LongSupplier nanoTime) {
        this.max = max;
        this.shares = Caffeine.newBuilder()
                .maximumSize(MAX_SHARES)
                .expireAfter(Expiry.<Key, Share>writing((key, share) -> share.left))
                .evictionListener(this::forget)
                .scheduler(Scheduler.systemScheduler())
                .executor(Runnable::run)
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /**
     * What a write has done.
     *
     * @param room where
     * @param left how long that room lives on
     * @param stored whether anything is there that was not before
     * @param logBytes what the room's log holds, so that an address counts for no more
     */
    record Written(RoomId room, Duration left, boolean stored, long logBytes) {}

    /**
     * Counts bytes that are about to be written.
     *
     * @throws ProblemException with 429 if the address has no more than that left
     */
    Reservation reserve(Object address, long bytes) {
        take(address, bytes);
        return new Reservation(address, bytes);
    }

    /** Bytes that are being written. Ended once, by {@link #keep} or {@link #release}. */
    final class Reservation {

        private final Object address;
        private final long bytes;

        private Reservation(Object address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        /** Counts them for as long as the room keeps them. */
        void keep(Written written) {
            AddressBudget.this.keep(address, bytes, written);
        }

        /** No longer counts them: nothing was written. */
        void release() {
            add(address, -bytes);
        }
    }

    private void take(Object address, long bytes) {
        add(address, bytes);
        if (total(address) > max) {
            shares.cleanUp(); // Rooms may have ended since anybody looked.
        }
        if (total(address) > max) {
            add(address, -bytes);
            throw new ProblemException(Problem.LIMIT_EXCEEDED);
        }
    }

    private void keep(Object address, long bytes, Written written) {
        shares.asMap().compute(new Key(address, written.room), (key, share) -> {
            long before = share == null ? 0 : share.bytes;
            long after = Math.min(before + (written.stored ? bytes : 0), written.logBytes);
            add(address, after - before - bytes);
            return new Share(after, written.left);
        });
    }

    /** No longer counts what an address has brought into a room that has ended early. */
    void ended(Object address, RoomId room) {
        Share share = shares.asMap().remove(new Key(address, room));
        if (share != null) {
            add(address, -share.bytes);
        }
    }

    long total(Object address) {
        return totals.getOrDefault(address, 0L);
    }

    /** Called before the share is gone. Caffeine leaves out keys and values only if it holds them weakly. */
    private void forget(@Nullable Key key, @Nullable Share share, RemovalCause cause) {
        add(Objects.requireNonNull(key).address, -Objects.requireNonNull(share).bytes);
    }

    private void add(Object address, long bytes) {
        totals.compute(address, (key, total) -> {
            long sum = (total == null ? 0 : total) + bytes;
            return sum == 0 ? null : (Long) sum;
        });
    }
}
