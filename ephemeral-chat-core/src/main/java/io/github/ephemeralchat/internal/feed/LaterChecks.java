package io.github.ephemeralchat.internal.feed;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Which feeds are compared with the store once bodies have gone: a store may not remove them before somebody looks. All that
 * go within a second cause one look. Thread-safe.
 */
final class LaterChecks {

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;
    private final long begin;
    /** As many seconds as the longest wait has. */
    private final Map<Long, Set<RoomFeed>> bySecond = new ConcurrentHashMap<>();

    LaterChecks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /**
     * Adds a feed whose bodies go a while from now.
     *
     * @param wait after which the store counts them as gone, by its own time
     */
    void add(RoomFeed feed, Duration wait) {
        long second = second() + 1 + wait.plus(FeedReader.CLOCK_TOLERANCE).toSeconds();
        bySecond.compute(second, (key, feeds) -> {
            Set<RoomFeed> all = feeds == null ? ConcurrentHashMap.newKeySet() : feeds;
            all.add(feed);
            return all;
        });
    }

    void forget(RoomFeed feed) {
        bySecond.values().forEach(feeds -> feeds.remove(feed));
    }

    /** Takes out those whose time has come. */
    void takeDue(Consumer<RoomFeed> check) {
        long now = second();
        for (Long second : List.copyOf(bySecond.keySet())) {
            Set<RoomFeed> feeds = second <= now ? bySecond.remove(second) : null;
            if (feeds != null) {
                feeds.forEach(check);
            }
        }
    }

    private long second() {
        return (nanoTime.getAsLong() - begin) / SECOND_NANOS;
    }
}
