package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sends cues to the subscribers on this node and the others, at most one of a kind and sender in a second: more say nothing
 * new, and are dropped. Keeps no identity, only a hash, and that for a second. Bounded and thread-safe.
 */
final class CueSender {

    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    /** More than a node sends in a second; who comes then is dropped, as if too soon. */
    private static final int MAX = 50_000;

    private final FeedRegistry registry;
    private final int max;
    /** When each was sent last; the one that was put last is the last one. */
    private final Map<Source, Long> sent = new LinkedHashMap<>();

    private record Source(RoomIncarnation room, TokenHash of) {}

    CueSender(FeedRegistry registry) {
        this(registry, MAX);
    }

    CueSender(FeedRegistry registry, int max) {
        this.registry = registry;
        this.max = max;
    }

    void send(RoomIncarnation room, String senderId, String kind, String body) {
        long now = registry.engine.nanoTime().getAsLong();
        if (!isDue(new Source(room, TokenHash.of(kind + '\n' + senderId)), now)) {
            return;
        }
        RoomSignal.Cue cue = new RoomSignal.Cue(room, registry.node, kind, senderId, body);
        RoomFeed feed = registry.feed(room);
        if (feed != null) {
            feed.cue(cue);
        }
        registry.publish(cue);
    }

    private synchronized boolean isDue(Source source, long now) {
        Iterator<Long> oldest = sent.values().iterator();
        while (oldest.hasNext() && now - oldest.next() >= PAUSE_NANOS) {
            oldest.remove();
        }
        return sent.size() < max && sent.putIfAbsent(source, now) == null;
    }
}
