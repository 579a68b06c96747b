package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Seats whose streams on this node have ended a short while ago. A client that polls has one stream after the other, and
 * between two of them nobody would ask about it, or free its seat. Bounded and thread-safe.
 */
final class RecentSeats {

    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MAX = 50_000;

    /** The one that was put last is the last one. */
    private final Map<Key, Seat> seats = new LinkedHashMap<>();

    private record Key(RoomIncarnation room, String identityId) {}

    /**
     * A seat without a stream.
     *
     * @param welcomeAsOf when the host last said that its participant is welcome
     * @param endedAt when its last stream ended
     */
    record Seat(RoomIncarnation room, Identity identity, long welcomeAsOf, long endedAt) {}

    /** Takes over when the host was last asked about a seat; now if it has had no stream for a while. */
    synchronized long welcomeAsOf(RoomIncarnation room, Identity identity, long now) {
        Seat seat = seats.get(new Key(room, identity.id()));
        return seat == null || now - seat.endedAt > KEPT_NANOS ? now : seat.welcomeAsOf;
    }

    /** A stream of a seat has ended. */
    synchronized void ended(RoomIncarnation room, Identity identity, long welcomeAsOf, long now) {
        removeOld(now);
        Key key = new Key(room, identity.id());
        seats.remove(key);
        if (seats.size() < MAX) {
            seats.put(key, new Seat(room, identity, welcomeAsOf, now));
        }
    }

    /** The host is asked about a seat. */
    synchronized void asked(Seat seat, long now) {
        seats.computeIfPresent(
                new Key(seat.room, seat.identity.id()),
                (key, present) -> new Seat(present.room, present.identity, now, present.endedAt));
    }

    synchronized List<Seat> all(long now) {
        removeOld(now);
        return List.copyOf(seats.values());
    }

    private void removeOld(long now) {
        Iterator<Seat> all = seats.values().iterator();
        while (all.hasNext() && now - all.next().endedAt > KEPT_NANOS) {
            all.remove();
        }
    }
}
