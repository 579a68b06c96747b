package io.github.ephemeralchat.redis;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Named threads that keep no JVM alive. */
final class Daemons {

    private static final int IDLE_SECONDS = 10;

    private Daemons() {}

    static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** A pool whose threads end when there is nothing to do. */
    static ExecutorService pool(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> thread(name + "-" + number.incrementAndGet(), task));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
