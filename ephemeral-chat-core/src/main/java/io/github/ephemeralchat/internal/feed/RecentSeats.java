package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Seats whose streams on this node have ended a short while ago. A client that polls has one stream after the other, and
 * between two of them nobody would free its seat, or know when the host was last asked about it. Keeps no identity, only the
 * hash of its id, since a room may end meanwhile. Bounded and thread-safe.
 */
final class RecentSeats {

    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MAX = 50_000;

    /** The one that was put last is the last one. */
    private final Map<Seat, Times> seats = new LinkedHashMap<>();

    private record Seat(RoomIncarnation room, TokenHash identity) {}

    /** When the host last said that somebody is welcome, and when the last stream ended. */
    private record Times(long welcomeAsOf, long endedAt) {}

    /** When the host was last asked about somebody; now if there was no stream for a while. */
    long welcomeAsOf(RoomIncarnation room, String identityId, long now) {
        return welcomeAsOf(new Seat(room, TokenHash.of(identityId)), now);
    }

    private synchronized long welcomeAsOf(Seat seat, long now) {
        removeOld(now);
        Times times = seats.get(seat);
        return times == null ? now : times.welcomeAsOf;
    }

    /** A stream has ended. */
    void ended(RoomIncarnation room, String identityId, long welcomeAsOf, long now) {
        ended(new Seat(room, TokenHash.of(identityId)), new Times(welcomeAsOf, now));
    }

    private synchronized void ended(Seat seat, Times times) {
        removeOld(times.endedAt);
        seats.remove(seat);
        if (seats.size() < MAX) {
            seats.put(seat, times);
        }
    }

    /** Where an identity had a stream a short while ago. */
    List<RoomIncarnation> roomsOf(String identityId, long now) {
        return roomsOf(TokenHash.of(identityId), now);
    }

    private synchronized List<RoomIncarnation> roomsOf(TokenHash identity, long now) {
        removeOld(now);
        return seats.keySet().stream()
                .filter(seat -> seat.identity.equals(identity))
                .map(Seat::room)
                .toList();
    }

    private void removeOld(long now) {
        Iterator<Times> all = seats.values().iterator();
        while (all.hasNext() && now - all.next().endedAt > KEPT_NANOS) {
            all.remove();
        }
    }
}
