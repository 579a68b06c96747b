package io.github.ephemeralchat.tck;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits until something is so, and fails if it is not so in time. */
public final class Await {

    private static final int PAUSE_MILLIS = 10;
    private static final int ALMOST_A_MILLI = 999_999;

    private Await() {}

    /**
     * Waits until a condition holds.
     *
     * @param limit how long, in real time
     * @param what what is awaited, for the failure's message
     * @param condition asked again and again, on the calling thread
     * @throws AssertionError if it does not hold in time
     */
    public static void until(Duration limit, String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            pause(Duration.ofMillis(PAUSE_MILLIS));
        }
    }

    /**
     * Waits until the garbage collector has found that nothing holds an object. The caller must not hold it either: it is
     * best made in a method of its own that returns only the reference.
     *
     * @param limit how long, in real time
     * @param what what is awaited, for the failure's message
     * @param reference a weak reference to the object
     * @throws AssertionError if something still holds it at the end of that time
     */
    public static void untilUnreachable(Duration limit, String what, Reference<?> reference) {
        until(limit, what, () -> {
            System.gc();
            return reference.refersTo(null);
        });
    }

    /** Sleeps for whole milliseconds, rounded up. */
    static void pause(Duration duration) {
        try {
            Thread.sleep(duration.plusNanos(ALMOST_A_MILLI).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
