package io.github.ephemeralchat.netty;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for calls that wait for a store. */
final class RequestThreads {

    private static final int IDLE_SECONDS = 10;

    private RequestThreads() {}

    /** No queue: a call that finds no thread is refused, and the thread that was busy last is taken first. */
    static ExecutorService pool(int threads) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, threads, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "ephemeral-chat-call-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
