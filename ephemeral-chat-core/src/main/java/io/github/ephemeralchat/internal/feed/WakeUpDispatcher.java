package io.github.ephemeralchat.internal.feed;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes a feed's subscribers, one thread at a time: whoever finds it busy marks that there is more, and goes. What
 * arrives during a pass is carried by the next one, so that under load one wake-up takes several entries.
 *
 * <p>The mark is a counter of work in progress, as in the queue-drain loops of reactive streams.
 */
final class WakeUpDispatcher {

    /** After so many passes another thread goes on: nobody's post is held for everybody's. */
    private static final int MAX_PASSES = 2;

    private final RoomFeed feed;
    private final FeedRegistry registry;
    private final AtomicInteger marks = new AtomicInteger();
    /** Those who wait for a pass that another thread makes: each thread that posts is in it at most once. */
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    private volatile long sweptTo;

    WakeUpDispatcher(RoomFeed feed, FeedRegistry registry) {
        this.feed = feed;
        this.registry = registry;
    }

    void sweep() {
        if (marks.getAndIncrement() == 0) {
            passes();
        }
    }

    /** The same on a thread of the library's, for callers that must not do it themselves. */
    void sweepElsewhere() {
        if (marks.getAndIncrement() == 0) {
            registry.tryExecute(this::passes); // Refused only where the service is closed, and nobody is left to wake.
        }
    }

    private void passes() {
        for (int pass = 1; ; pass++) {
            int seen = marks.get();
            wakeAll();
            boolean done = marks.addAndGet(-seen) == 0;
            waiting.forEach(LockSupport::unpark);
            if (done) {
                return;
            }
            if (pass % MAX_PASSES == 0 && registry.tryExecute(this::passes)) {
                return;
            }
        }
    }

    private void wakeAll() {
        FeedNode newest = feed.newest();
        for (FeedSubscription subscription : feed.subscriptions()) {
            if (newest != null) {
                subscription.boundLag(newest);
            }
            subscription.wakeUp();
        }
        sweptTo = newest == null ? Long.MAX_VALUE : newest.sequence();
    }

    /** Waits until a pass has carried the entry with this sequence, or nobody is sweeping, or the time is over. */
    void awaitSweep(long sequence, Duration atMost) {
        if (isSwept(sequence)) {
            return;
        }
        Thread self = Thread.currentThread();
        long begin = System.nanoTime();
        waiting.add(self);
        try {
            for (long left = atMost.toNanos();
                    left > 0 && !isSwept(sequence) && !self.isInterrupted();
                    left = atMost.toNanos() - (System.nanoTime() - begin)) {
                LockSupport.parkNanos(this, left);
            }
        } finally {
            waiting.remove(self);
        }
    }

    private boolean isSwept(long sequence) {
        return sweptTo >= sequence || marks.get() == 0;
    }
}
