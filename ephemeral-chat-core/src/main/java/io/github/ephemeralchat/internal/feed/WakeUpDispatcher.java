package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.SerialTask;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes up a feed's subscribers, one thread at a time. What arrives during a run is covered by the next one, so that
 * under load one wake-up takes several entries.
 */
final class WakeUpDispatcher {

    /** After so many runs another thread goes on: nobody's post waits for everybody's. */
    private static final int MAX_RUNS = 2;

    private final RoomFeed feed;
    private final SerialTask wakeUps;
    private final boolean onSignalThread;
    /** Who waits for a run of another thread: each thread that posts is in it at most once. */
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    private volatile long dispatchedTo;

    /**
     * Creates a dispatcher.
     *
     * @param executor where subscribers are woken up
     * @param onSignalThread whether they are also on the thread that brings a signal
     */
    WakeUpDispatcher(RoomFeed feed, Executor executor, boolean onSignalThread) {
        this.feed = feed;
        this.onSignalThread = onSignalThread;
        this.wakeUps = SerialTask.create(this::wakeAll, runs -> executor.execute(() -> run(runs)), MAX_RUNS);
    }

    /** Wakes the subscribers up on the calling thread, unless another one does. */
    void dispatch() {
        run(wakeUps::requestHere);
    }

    private void run(Runnable runs) {
        runs.run();
        unparkWaiting(); // Nobody dispatches any more, perhaps.
    }

    private void unparkWaiting() {
        waiting.forEach(LockSupport::unpark);
    }

    /** Wakes the subscribers up for a signal, on its thread if that may do so. */
    void dispatchSignal() {
        if (onSignalThread) {
            dispatch();
        } else {
            dispatchAsync();
        }
    }

    /** Wakes the subscribers up on a thread of the library's. */
    void dispatchAsync() {
        try {
            wakeUps.request();
        } catch (RejectedExecutionException e) {
            // The service is closed, and nobody is left to be woken up.
        } catch (Error e) {
            dispatch(); // No thread is to be had: this one does it.
        }
    }

    private void wakeAll() {
        FeedNode newest = feed.state.newest();
        for (FeedSubscription subscription : feed.state.subscriptions()) {
            if (newest != null) {
                subscription.boundLag(newest);
            }
            subscription.wakeUp();
        }
        dispatchedTo = newest == null ? Long.MAX_VALUE : newest.sequence();
        unparkWaiting();
    }

    /** Waits until the entry with this sequence was dispatched, or nobody is dispatching, or the time is over. */
    void await(long sequence, Duration atMost) {
        if (isDispatched(sequence)) {
            return;
        }
        Thread self = Thread.currentThread();
        long begin = System.nanoTime();
        waiting.add(self);
        try {
            for (long left = atMost.toNanos();
                    left > 0 && !isDispatched(sequence) && !self.isInterrupted();
                    left = atMost.toNanos() - (System.nanoTime() - begin)) {
                LockSupport.parkNanos(this, left);
            }
        } finally {
            waiting.remove(self);
        }
    }

    private boolean isDispatched(long sequence) {
        return dispatchedTo >= sequence || wakeUps.isIdle();
    }
}
