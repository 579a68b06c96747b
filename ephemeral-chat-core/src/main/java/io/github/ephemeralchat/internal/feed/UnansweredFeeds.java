package io.github.ephemeralchat.internal.feed;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Feeds for which the store could not be reached, in the order of their tries: one more is tried each second, beside their usual checks. Thread-safe; each method is
 * one step, and calls nobody.
 */
final class UnansweredFeeds {

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    // Guarded by this.
    private final Set<RoomFeed> feeds = new LinkedHashSet<>();
    private long retryAt;

    /** {@return whether it is the only one now, and was not there before} */
    synchronized boolean add(RoomFeed feed, long nanos) {
        boolean first = feeds.isEmpty();
        feeds.add(feed);
        if (first) {
            retryAt = nanos + RETRY_NANOS;
        }
        return first;
    }

    synchronized boolean contains(RoomFeed feed) {
        return feeds.contains(feed);
    }

    /** {@return whether it was there} */
    synchronized boolean remove(RoomFeed feed) {
        return feeds.remove(feed);
    }

    synchronized List<RoomFeed> takeAll() {
        List<RoomFeed> all = List.copyOf(feeds);
        feeds.clear();
        return all;
    }

    /** The one to be tried now, if any; it stays, behind the others. */
    synchronized @Nullable RoomFeed next(long nanos) {
        Iterator<RoomFeed> each = feeds.iterator();
        if (!each.hasNext() || nanos - retryAt < 0) {
            return null;
        }
        RoomFeed next = each.next();
        each.remove();
        feeds.add(next);
        retryAt = nanos + RETRY_NANOS;
        return next;
    }
}
