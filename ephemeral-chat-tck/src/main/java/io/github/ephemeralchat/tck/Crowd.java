package io.github.ephemeralchat.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A fixed number of threads that do something at the same moment. It can be used again and again. */
public final class Crowd implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 60;

    private final int size;
    private final ExecutorService threads;
    private final CyclicBarrier start;

    /**
     * Makes a crowd.
     *
     * @param size how many threads
     */
    public Crowd(int size) {
        this.size = size;
        this.start = new CyclicBarrier(size);
        this.threads = Executors.newFixedThreadPool(size, runnable -> {
            Thread thread = new Thread(runnable, "crowd");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Lets every thread make a call; none begins before all are there.
     *
     * @param <T> what a call returns
     * @param call the call, with the number of its thread, from 0
     * @return what the calls returned, in the order of the threads
     * @throws AssertionError if a call threw something, or took more than a minute
     */
    public <T> List<T> all(IntFunction<T> call) {
        List<Future<T>> futures = IntStream.range(0, size)
                .mapToObj(i -> threads.submit(() -> {
                    start.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                    return call.apply(i);
                }))
                .toList();
        List<T> results = new ArrayList<>(size);
        futures.forEach(future -> results.add(resultOf(future)));
        return results;
    }

    private static <T> T resultOf(Future<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("one of the crowd failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("one of the crowd hangs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a crowd was at work", e);
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
