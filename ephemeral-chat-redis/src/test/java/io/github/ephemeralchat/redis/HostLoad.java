package io.github.ephemeralchat.redis;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A host with a pool of threads for all that it does: 100 posts a second, whether they are answered or not, and some
 * other work. With as many posts waiting as want to, the pool would be drained after a second.
 */
final class HostLoad implements AutoCloseable {

    private static final int THREADS = 100;
    private static final int PAUSE_MILLIS = 10;
    private static final int OTHER_WORK_EACH = 10;

    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private final Queue<Duration> posts = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> otherWork = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** Works for a while, and waits until all of it is done. */
    void run(Duration time, Supplier<Duration> post) {
        long end = System.nanoTime() + time.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            pool.execute(() -> note(posts, post));
            if (i % OTHER_WORK_EACH == 0) {
                long asked = System.nanoTime();
                pool.execute(() -> note(otherWork, () -> Duration.ofNanos(System.nanoTime() - asked)));
            }
            RedisServer.sleep(PAUSE_MILLIS);
        }
        pool.shutdown();
        try {
            if (!pool.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the host is still at it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        failures.forEach(failure -> {
            throw new AssertionError("something else failed", failure);
        });
    }

    private void note(Queue<Duration> where, Supplier<Duration> work) {
        try {
            where.add(work.get());
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    /** How long each post took until it failed. */
    List<Duration> posts() {
        return List.copyOf(posts);
    }

    /** How long other work waited for a thread. */
    List<Duration> otherWork() {
        return List.copyOf(otherWork);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
