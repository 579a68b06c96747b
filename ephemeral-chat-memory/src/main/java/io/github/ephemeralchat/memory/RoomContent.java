package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that a living room holds, and what can be done with it. Not thread-safe: the room's lock guards it. */
final class RoomContent {

    private final Room room;
    private final MemoryLog log;
    private final MemorySeats seats = new MemorySeats();

    RoomContent(Room room, LogLimits limits) {
        this.room = room;
        this.log = new MemoryLog(limits);
    }

    RoomState state() {
        return new RoomState(room, log.head(), seats.members());
    }

    LogPage page(EntryId after, int limit) {
        return log.page(after, limit);
    }

    Optional<Seat> seat(TokenHash token) {
        return seats.find(token).map(member -> new Seat(room, log.head(), member));
    }

    Joined join(Identity identity, TokenHash token, Instant now) {
        Appended appended = seats.find(identity.id()).isPresent() ? null : takeSeat(identity, token, now);
        if (appended == null) {
            seats.addToken(identity.id(), token);
        }
        return new Joined(new Seat(room, log.head(), seats.find(identity.id()).orElseThrow()), appended);
    }

    private Appended takeSeat(Identity identity, TokenHash token, Instant now) {
        if (seats.taken() >= room.maxParticipants()) {
            throw new RoomFullException();
        }
        Appended appended = write(LogEntry.JOINED, identity, null, "", now);
        seats.take(identity, appended.entry().id().sequence(), token);
        return appended;
    }

    Optional<Appended> leave(String identityId, Instant now) {
        Optional<Member> leaving = seats.find(identityId);
        leaving.ifPresent(member -> seats.free(identityId));
        return leaving.map(member -> write(LogEntry.LEFT, member.identity(), null, "", now));
    }

    Appended append(TokenHash token, Draft draft, Instant now) {
        Identity sender =
                seats.find(token).orElseThrow(NotAParticipantException::new).identity();
        return log.find(sender.id(), draft.key())
                .map(entry -> new Appended(room.incarnation(), entry, EntryId.START, false, false))
                .orElseGet(() -> write(draft.kind(), sender, draft.key(), draft.body(), now));
    }

    private Appended write(String kind, Identity sender, @Nullable String key, String body, Instant now) {
        EntryId previous = log.head();
        LogEntry entry = log.append(kind, sender, key, body, now);
        return new Appended(room.incarnation(), entry, previous, true, false);
    }
}
