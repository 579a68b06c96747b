package io.github.ephemeralchat.sse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One limit, counted for each of many keys. */
final class Buckets {

    /** Beyond it the keys that were idle longest are forgotten, and so begin with a full bucket. */
    private static final int MAX_KEYS = 100_000;

    private final Limit limit;
    private final TimeMeter time;

    /** Null where nothing is limited. */
    private final @Nullable Cache<Object, Bucket> buckets;

    Buckets(Limit limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.time = new Ticks(nanoTime);
        this.buckets = limit.isUnlimited() ? null : cache(limit, nanoTime);
    }

    /** A bucket that was left alone for the whole span is full again: forgetting it changes nothing. */
    private static Cache<Object, Bucket> cache(Limit limit, LongSupplier nanoTime) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                .expireAfterAccess(limit.per())
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /**
     * Counts one.
     *
     * @param key whom it counts against; not asked where nothing is limited
     * @throws ProblemException with 429 where that is one too many
     */
    void take(Supplier<?> key) {
        if (buckets == null) {
            return;
        }
        ConsumptionProbe probe = bucket(buckets, key.get()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw ProblemException.of(
                    Problem.RATE_LIMITED, Map.of("Retry-After", seconds(probe.getNanosToWaitForRefill())));
        }
    }

    /** Takes a count back. */
    void giveBack(Object key) {
        if (buckets != null) {
            bucket(buckets, key).addTokens(1);
        }
    }

    private Bucket bucket(Cache<Object, Bucket> all, Object key) {
        return all.get(key, absent -> newBucket());
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(bandwidth -> bandwidth.capacity(limit.times()).refillGreedy(limit.times(), limit.per()))
                .withCustomTimePrecision(time)
                .build();
    }

    private static String seconds(long nanos) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return Long.toString(Math.max(1, (nanos + second - 1) / second));
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
