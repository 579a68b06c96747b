package io.github.ephemeralchat.memory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A wait for the next deadline, on the JDK's own timer; done with true when it comes and with false when it is cancelled.
 *
 * <p>Caffeine's system scheduler leaves what it cancels in that timer until its time, up to a day, and a stack trace with
 * each. A future that is completed normally takes itself out of it; one that is cancelled does so since JDK 17.0.14 (JDK-8303742).
 */
final class ExpiryTimer extends CompletableFuture<Boolean> {

    private ExpiryTimer() {}

    /** A {@link com.github.benmanes.caffeine.cache.Scheduler}. */
    static Future<?> schedule(Executor executor, Runnable command, long delay, TimeUnit unit) {
        ExpiryTimer timer = new ExpiryTimer();
        CompletableFuture<Void> unused = timer.completeOnTimeout(true, delay, unit)
                .thenAcceptAsync(
                        isDue -> {
                            if (isDue) {
                                command.run();
                            }
                        },
                        executor);
        return timer;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return complete(false);
    }
}
