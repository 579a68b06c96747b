package io.github.ephemeralchat.scripted;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An executor whose queue is run by the test. */
public final class ManualExecutor extends AbstractExecutorService {

    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private volatile boolean shutdown;
    private volatile @Nullable Error failure;

    /** Has the next task fail as if there was no thread to be had. */
    public void failOnce() {
        failure = new Error("no thread");
    }

    @Override
    public void execute(Runnable task) {
        if (shutdown) {
            throw new RejectedExecutionException();
        }
        Error once = failure;
        if (once != null) {
            failure = null;
            throw once;
        }
        queue.add(task);
    }

    public int size() {
        return queue.size();
    }

    /** Runs what is queued, and what that queues. */
    public void runAll() {
        while (!queue.isEmpty()) {
            runOne();
        }
    }

    public void runOne() {
        queue.remove().run();
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> left = new ArrayList<>(queue);
        queue.clear();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && queue.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }
}
