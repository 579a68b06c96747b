package io.github.ephemeralchat.internal.support;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A task that runs on request, on one thread at a time. A request during a run leads to one more run after it, however
 * many requests there were. Thread-safe; holds no lock while the task runs.
 *
 * <p>The counter of requests is the queue-drain loop of reactive streams ("work in progress"): whoever raises it from
 * zero runs the task, everybody else only leaves the request.
 */
public final class SerialTask {

    /** A request that nobody runs until the task is started. */
    private static final int HELD = 1;

    private final Runnable task;
    private final Executor executor;
    /** Kept, because a task is requested often. */
    private final Runnable loop = this::loop;

    private final int maxRuns;
    private final AtomicInteger requests;

    private SerialTask(Runnable task, Executor executor, int maxRuns, int requests) {
        this.task = task;
        this.executor = executor;
        this.maxRuns = maxRuns;
        this.requests = new AtomicInteger(requests);
    }

    /**
     * Creates a task that may be requested at once.
     *
     * @param task what to run; must not throw
     * @param executor where runs begin and go on
     * @param maxRuns after how many runs in a row the executor goes on, so that the thread is free for others
     * @return a task that was not requested yet
     */
    public static SerialTask create(Runnable task, Executor executor, int maxRuns) {
        return new SerialTask(task, executor, maxRuns, 0);
    }

    /**
     * Creates a task that does not run before {@link #startHere}, whatever is requested before.
     *
     * @param task what to run; must not throw
     * @param executor where later runs begin and go on
     * @param maxRuns after how many runs in a row the executor goes on
     * @return a task that waits for its first run
     */
    public static SerialTask createHeld(Runnable task, Executor executor, int maxRuns) {
        return new SerialTask(task, executor, maxRuns, HELD);
    }

    /**
     * Requests a run on the executor. If that fails by an error, such as no thread to be had, the request is void, and the next
     * one tries again.
     *
     * @throws RejectedExecutionException if the executor takes no tasks any more; the request stays
     */
    public void request() {
        if (requests.getAndIncrement() == 0) {
            try {
                executor.execute(loop);
            } catch (Error e) {
                requests.set(0);
                throw e;
            }
        }
    }

    /** Requests a run on the calling thread, unless another thread is running the task. */
    public void requestHere() {
        if (requests.getAndIncrement() == 0) {
            loop();
        }
    }

    /** Begins the runs of a task that was created held, on the calling thread. Called once. */
    public void startHere() {
        loop();
    }

    private void loop() {
        for (int run = 1; ; run++) {
            int seen = requests.get();
            try {
                task.run();
            } catch (Throwable e) { // Against the contract, or no memory: the next request runs it again.
                requests.set(0);
                throw e;
            }
            if (requests.addAndGet(-seen) == 0 || (run % maxRuns == 0 && goesOnElsewhere())) {
                return;
            }
        }
    }

    private boolean goesOnElsewhere() {
        try {
            executor.execute(loop);
            return true;
        } catch (RejectedExecutionException | Error e) {
            return false; // The executor has shut down, or there is no thread to be had: this thread goes on.
        }
    }

    /** {@return whether nobody runs the task and nobody has requested it} */
    public boolean isIdle() {
        return requests.get() == 0;
    }
}
