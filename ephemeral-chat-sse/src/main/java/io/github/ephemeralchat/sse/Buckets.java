package io.github.ephemeralchat.sse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One limit, counted for each of many keys. */
final class Buckets {

    /** Beyond it the keys that were idle longest are dropped, and so begin with a full bucket. */
    private static final int MAX_KEYS = 100_000;

    private final Limit limit;
    private final TimeMeter time;

    /** Null if nothing is limited. */
    private final @Nullable Cache<Object, Bucket> buckets;

    Buckets(Limit limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.time = new Ticks(nanoTime);
        this.buckets = limit.isUnlimited() ? null : cache(limit, nanoTime);
    }

    /** A bucket that was left alone for the whole span is full again: to drop it changes nothing. */
    private static Cache<Object, Bucket> cache(Limit limit, LongSupplier nanoTime) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                .expireAfterAccess(limit.per())
                .scheduler(Scheduler.systemScheduler()) // What has expired goes, also if nobody asks any more.
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /**
     * Counts one.
     *
     * @param key whom it counts against; not asked if nothing is limited
     * @throws ProblemException with 429 if that is one too many
     */
    void take(Supplier<?> key) {
        if (buckets == null) {
            return;
        }
        ConsumptionProbe probe = bucket(buckets, key.get()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill() + 999_999_999));
            throw new ProblemException(Problem.RATE_LIMITED, "Retry-After", Long.toString(seconds));
        }
    }

    /** Takes a count back. */
    void giveBack(Object key) {
        if (buckets != null) {
            bucket(buckets, key).addTokens(1);
        }
    }

    /** How many keys are held now. */
    long size() {
        return buckets == null ? 0 : buckets.estimatedSize();
    }

    private Bucket bucket(Cache<Object, Bucket> all, Object key) {
        return all.get(
                key,
                absent -> Bucket.builder()
                        .addLimit(
                                bandwidth -> bandwidth.capacity(limit.times()).refillGreedy(limit.times(), limit.per()))
                        .withCustomTimePrecision(time)
                        .build());
    }

    private record Ticks(LongSupplier nanoTime) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
