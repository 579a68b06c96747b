package io.github.ephemeralchat.internal.feed;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * When the bodies of a room's entries end that have an end of their own: also of those that a node no longer has in memory,
 * since its subscribers may show them. Guarded by the feed's lock.
 */
final class BodyEnds {

    /** As many as a log keeps by default. Of more than that, those that a node still has in memory end in time all the same. */
    static final int MAX = 10_000;

    /** So many subscribers are told of in one step: more would delay posts. */
    private static final int MAX_AT_ONCE = 1_000;

    private record End(long sequence, Instant at) {}

    private final Map<Long, Instant> known = new HashMap<>();
    /** With ends of bodies that were forgotten before. */
    private final Queue<End> queue =
            new PriorityQueue<>(Comparator.comparing(End::at).thenComparing(End::sequence));
    /** The latest end that found no room here. */
    private @Nullable Instant latestUnknown;

    void add(long sequence, Instant end) {
        if (queue.size() == MAX) {
            latestUnknown = latestUnknown == null || latestUnknown.isBefore(end) ? end : latestUnknown;
        } else if (known.putIfAbsent(sequence, end) == null) {
            queue.add(new End(sequence, end));
        }
    }

    void forget(long sequence) {
        known.remove(sequence);
    }

    boolean isEmpty() {
        return queue.isEmpty() && latestUnknown == null;
    }

    /** Whether an end may have come. */
    boolean isDue(Instant now) {
        End first = queue.peek();
        return latestUnknown != null || (first != null && !first.at.isAfter(now));
    }

    /** Removes what ends now, and returns the sequences in the order of their ends. */
    List<Long> take(Instant now) {
        List<Long> ended = new ArrayList<>();
        for (End first = queue.peek();
                first != null && !first.at.isAfter(now) && ended.size() < MAX_AT_ONCE;
                first = queue.peek()) {
            queue.remove();
            if (known.remove(first.sequence, first.at)) {
                ended.add(first.sequence);
            }
        }
        if (latestUnknown != null && !latestUnknown.isAfter(now)) {
            latestUnknown = null;
        }
        return ended;
    }
}
