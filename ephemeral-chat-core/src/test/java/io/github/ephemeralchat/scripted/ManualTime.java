package io.github.ephemeralchat.scripted;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Nanoseconds that pass when the test says so. */
public final class ManualTime implements LongSupplier {

    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - 1_000); // Soon negative, as System.nanoTime may be.
    private volatile long perLook;

    private volatile Runnable onLook = () -> {};

    @Override
    public long getAsLong() {
        onLook.run();
        return nanos.getAndAdd(perLook);
    }

    public void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** Runs a hook on every thread that looks. */
    public void onLook(Runnable hook) {
        onLook = hook;
    }

    /** Lets time pass whenever somebody looks. */
    public void passPerLook(Duration duration) {
        perLook = duration.toNanos();
    }
}
