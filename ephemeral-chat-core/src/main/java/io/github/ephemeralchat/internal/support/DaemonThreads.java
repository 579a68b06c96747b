package io.github.ephemeralchat.internal.support;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Named daemon threads: a host sees whose they are, and its JVM can end without us. */
public final class DaemonThreads {

    /** How long an idle thread of a pool is kept. */
    public static final int IDLE_SECONDS = 10;

    private DaemonThreads() {}

    /**
     * Creates a factory of threads that are called {@code name-1}, {@code name-2} and so on.
     *
     * @param name what the threads' names begin with
     * @return a factory of daemon threads
     */
    public static ThreadFactory factory(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Creates a pool whose idle threads end. Its queue is bounded only by its users: each has at most one task in it.
     *
     * @param name what the threads' names begin with
     * @param threads the greatest number of threads
     * @return a pool without threads yet
     */
    public static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Creates a pool that runs each task at once, on the thread that was busy last among those that are idle: what such a
     * thread has used is more likely in the processor's caches than that of the others. Its users bound how many tasks there
     * are.
     *
     * @param name what the threads' names begin with
     * @return a pool without threads yet
     */
    public static ExecutorService unbounded(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory(name));
    }
}
