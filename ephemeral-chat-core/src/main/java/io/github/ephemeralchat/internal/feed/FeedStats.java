package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.metrics.ChatStats;

/** Counts when it is asked. */
record FeedStats(FeedRegistry feeds) implements ChatStats {

    @Override
    public int rooms() {
        return feeds.size();
    }

    @Override
    public int subscriptions() {
        return (int) feeds.subscriptions().count();
    }

    @Override
    public int streams() {
        return feeds.telemetry.streams();
    }

    @Override
    public long greatestLag() {
        return feeds.subscriptions().mapToLong(FeedSubscription::lag).max().orElse(0);
    }

    @Override
    public long eventsDelivered() {
        return feeds.telemetry.eventsDelivered();
    }

    @Override
    public long bytesWritten() {
        return feeds.telemetry.bytesWritten();
    }
}
