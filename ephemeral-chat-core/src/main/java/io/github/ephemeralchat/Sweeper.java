package io.github.ephemeralchat;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Wakes a feed's subscribers, one thread at a time: whoever finds it busy marks that there is more, and goes. What
 * arrives during a pass is carried by the next one, so that under load one wake-up takes several entries.
 *
 * <p>The mark is a counter of work in progress, as in the queue-drain loops of reactive streams.
 */
final class Sweeper {

    /** After so many passes another thread goes on: nobody's post is held for everybody's. */
    private static final int MAX_PASSES = 2;

    private final RoomFeed feed;
    private final FeedRegistry registry;
    private final AtomicInteger marks = new AtomicInteger();

    Sweeper(RoomFeed feed, FeedRegistry registry) {
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
            if (marks.addAndGet(-seen) == 0) {
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
    }
}
