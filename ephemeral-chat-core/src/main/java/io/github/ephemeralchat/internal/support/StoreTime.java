package io.github.ephemeralchat.internal.support;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The time of a store's server, as its replies say it. The wall clock of this node plays no part.
 *
 * <p>A reply was made before it came, so that its time and the moment of its coming give a time that is never ahead of
 * the server's. The best of the recent replies counts; older ones are forgotten, for no two clocks go alike. Thread-safe.
 */
public final class StoreTime {

    private static final long WINDOW_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long NANOS_OF_A_SECOND = 1_000_000_000L;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final LongSupplier nanoTime;
    /** Of two replies at once one may be forgotten: the next one makes up for it. */
    private volatile Window window;

    private final AtomicLong latest = new AtomicLong();

    /** How far the server's time is ahead of the monotonic clock, in nanoseconds, at best: in this window and in the last. */
    private record Window(long since, long best, long bestBefore) {

        long offset() {
            return Math.max(best, bestBefore);
        }

        Window with(long offset, long nanos) {
            if (nanos - since > WINDOW_NANOS) {
                return new Window(nanos, offset, nanos - since > 2 * WINDOW_NANOS ? UNKNOWN : best);
            }
            return offset > best ? new Window(since, offset, bestBefore) : this;
        }
    }

    /**
     * Creates a time that is not known yet.
     *
     * @param nanoTime the monotonic clock of this node
     */
    public StoreTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.window = new Window(nanoTime.getAsLong(), UNKNOWN, UNKNOWN);
    }

    /**
     * Takes note of a time that has just come.
     *
     * @param micros the server's time in microseconds since 1970
     */
    public void learn(long micros) {
        long nanos = nanoTime.getAsLong();
        long offset = micros * 1000 - nanos;
        window = window.with(offset, nanos);
    }

    /** {@return whether a reply has said it} */
    public boolean isKnown() {
        return window.offset() != UNKNOWN;
    }

    /** {@return the time in whole milliseconds; it never goes back} */
    public Instant now() {
        long nanos = latest.accumulateAndGet(window.offset() + nanoTime.getAsLong(), Math::max);
        return Instant.ofEpochSecond(nanos / NANOS_OF_A_SECOND, nanos % NANOS_OF_A_SECOND)
                .truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Returns the server's time so long from now. It follows the server's clock at once if that was set back.
     *
     * @param duration how long from now
     * @return microseconds since 1970
     */
    public long microsIn(Duration duration) {
        return (window.offset() + nanoTime.getAsLong() + duration.toNanos()) / 1000;
    }
}
