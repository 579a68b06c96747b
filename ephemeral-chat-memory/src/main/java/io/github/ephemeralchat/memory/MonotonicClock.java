package io.github.ephemeralchat.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The wall clock's time once, and from then on what the monotonic clock adds to it: setting the wall clock neither
 * lengthens nor shortens a room's life.
 */
final class MonotonicClock {

    private MonotonicClock() {}

    static InstantSource startingAt(Instant start, LongSupplier nanoTime) {
        long startNanos = nanoTime.getAsLong();
        return () -> start.plusNanos(nanoTime.getAsLong() - startNanos);
    }
}
