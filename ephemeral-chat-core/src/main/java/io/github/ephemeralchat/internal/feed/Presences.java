package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomSignal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected to the rooms with presence that this node serves. A tick tells subscribers and other nodes what has changed
 * since the last one, so that a hundred arrivals are one signal. Thread-safe, but for {@link #tick}.
 */
final class Presences {

    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    /** Whatever cannot be sent as soon as this holds up the ticker. */
    private static final long SOON_NANOS = Duration.ofMillis(500).toNanos();

    private final FeedRegistry registry;
    private final Map<RoomIncarnation, RoomPresence> rooms = new ConcurrentHashMap<>();

    // Guarded by this.
    private @Nullable Duration period;
    private @Nullable Ticker ticker;

    /** The ticker's own: when it may send again after a failure for which it had to wait. */
    private long pausedUntil;

    Presences(FeedRegistry registry) {
        this.registry = registry;
        this.pausedUntil = now();
    }

    private long now() {
        return registry.engine.nanoTime().getAsLong();
    }

    /** Ticks on a thread of its own from the first room on. */
    synchronized void tickEvery(Duration value) {
        period = value;
    }

    private synchronized void startTicker() {
        if (period != null && ticker == null) {
            ticker = Ticker.start("ephemeral-chat-presence", period, this::tick);
        }
    }

    /** The presence in a feed's room, which this feed tells of from now on. */
    RoomPresence listen(RoomFeed feed) {
        startTicker();
        return rooms.compute(feed.room.incarnation(), (key, known) -> {
            if (known == null) {
                return new RoomPresence(feed, now());
            }
            known.listen(feed, now());
            return known;
        });
    }

    /** Who is present; nothing if this node does not listen to the room. */
    Optional<Set<String>> present(RoomIncarnation room) {
        return Optional.ofNullable(rooms.get(room))
                .filter(RoomPresence::isListening)
                .map(RoomPresence::present);
    }

    int size() {
        return rooms.size();
    }

    void tick() {
        long now = now();
        rooms.forEach((key, presence) -> {
            if (now - pausedUntil >= 0) {
                say(presence, presence.step(now));
            }
            if (presence.takeChanged()) {
                presence.feed().dispatcher.dispatchAsync();
            }
            rooms.computeIfPresent(key, (room, known) -> known.isOver() ? null : known);
        });
    }

    private void say(RoomPresence presence, List<RoomSignal.Presence> words) {
        for (int i = 0; i < words.size(); i++) {
            long begin = now();
            if (!registry.publish(words.get(i))) {
                long end = now();
                if (end - begin >= SOON_NANOS) {
                    pausedUntil = end + PAUSE_NANOS;
                }
                presence.sayAgain(words.subList(i, words.size()), end + PAUSE_NANOS);
                return;
            }
        }
    }

    void close() {
        Ticker running;
        synchronized (this) {
            running = ticker;
            period = null;
            ticker = null;
        }
        if (running != null) {
            running.close();
        }
        rooms.clear();
    }
}
