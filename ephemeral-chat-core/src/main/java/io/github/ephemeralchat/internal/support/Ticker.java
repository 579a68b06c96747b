package io.github.ephemeralchat.internal.support;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls something again and again on a daemon thread of its own. A call that throws stops nothing. Thread-safe. */
public final class Ticker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Ticker.class);

    private final ScheduledExecutorService thread;
    private final Runnable tick;
    private boolean failing;

    private Ticker(String name, Runnable tick) {
        this.thread = new ScheduledThreadPoolExecutor(1, DaemonThreads.factory(name));
        this.tick = tick;
    }

    /**
     * Starts a ticker.
     *
     * @param name what its thread's name begins with
     * @param period the time from the end of one call to the next one
     * @param tick what to call
     * @return a ticker that ticks until it is closed
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The task catches whatever the tick throws.
    public static Ticker start(String name, Duration period, Runnable tick) {
        Ticker ticker = new Ticker(name, tick);
        ticker.thread.scheduleWithFixedDelay(ticker::tick, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        return ticker;
    }

    private void tick() {
        try {
            tick.run();
            failing = false;
        } catch (Throwable e) {
            boolean first = !failing;
            failing = true;
            if (first) {
                warn(e);
            }
        }
    }

    private static void warn(Throwable failure) {
        try {
            log.warn("A tick failed", Failures.withoutMessages(failure));
        } catch (Throwable e) { // For instance no memory again: what gets out of here would stop the ticker.
            log.debug("A tick failed");
        }
    }

    /** Stops; a call that runs is interrupted. Idempotent. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
