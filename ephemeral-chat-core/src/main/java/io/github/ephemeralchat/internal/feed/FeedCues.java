package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent.CueSent;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The newest cue of each sender and kind, for a short while: a reader that is slow, or stops, finds no more than that. Cues
 * are numbered in the order in which they came, so that a reader knows by one number what it has. Thread-safe.
 */
final class FeedCues {

    /** What is older says nothing of now. */
    static final Duration KEPT = Duration.ofSeconds(10);

    /** How many kinds of each sender there are at most: typing, and the host's. */
    static final int MAX_KINDS = 16;

    private final int max;
    private final NavigableMap<Long, Kept> kept = new TreeMap<>();
    private final Map<Source, Long> numbers = new HashMap<>();
    /** The number of the newest cue so far; written under the lock. */
    private volatile long newest;

    private record Source(String senderId, String kind) {}

    private record Kept(Source source, SharedEvent event, long since) {}

    FeedCues(int seats) {
        max = (seats + 1) * MAX_KINDS; // The host has no seat.
    }

    synchronized void put(RoomSignal.Cue cue, long now) {
        Source source = new Source(cue.senderId(), cue.kind());
        Long former = numbers.remove(source);
        if (former != null) {
            kept.remove(former);
        }
        removeOld(now);
        if (kept.size() >= max) {
            numbers.remove(kept.pollFirstEntry().getValue().source);
        }
        long number = newest + 1;
        SharedEvent event = new EncodedOnce(new CueSent(cue.kind(), cue.senderId(), cue.body()));
        kept.put(number, new Kept(source, event, now));
        numbers.put(source, number);
        newest = number;
    }

    /** The number of the newest cue so far, 0 if there was none: one volatile read. */
    long newest() {
        return newest;
    }

    /** Cues in the order in which they came, without those of a sender's own. */
    synchronized List<SharedEvent> between(long after, long upTo, String except) {
        return kept.subMap(after, false, upTo, true).values().stream()
                .filter(cue -> !cue.source.senderId.equals(except))
                .map(Kept::event)
                .toList();
    }

    synchronized void removeOf(String senderId) {
        numbers.entrySet().removeIf(cue -> cue.getKey().senderId.equals(senderId));
        kept.keySet().retainAll(Set.copyOf(numbers.values()));
    }

    /** The oldest are the first ones. */
    synchronized void removeOld(long now) {
        while (!kept.isEmpty() && now - kept.firstEntry().getValue().since > KEPT.toNanos()) {
            numbers.remove(kept.pollFirstEntry().getValue().source);
        }
    }

    synchronized int size() {
        return kept.size();
    }
}
