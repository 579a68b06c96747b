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
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One incarnation of a room: its members and its log. Its monitor guards both; every step is made by {@link #ifLiving}. */
final class MemoryRoom {

    private final Room room;
    private final MemoryBudget.Account account;
    private final MemoryLog log;
    /** By identity id, in the order of joining. Who is the owner is computed: the first. */
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** The identity ids that tokens belong to, the newest token last. */
    private final Map<TokenHash, String> tokens = new LinkedHashMap<>();

    private boolean ended;

    MemoryRoom(Room room, LogLimits limits, MemoryBudget budget) {
        this.room = room;
        this.account = budget.new Account();
        this.log = new MemoryLog(limits, account);
        account.take(MemoryBudget.ROOM_BYTES);
    }

    Room room() {
        return room;
    }

    boolean isExpired(Instant now) {
        return !now.isBefore(room.expiresAt());
    }

    /** Makes one atomic step, unless the room has ended by then. */
    synchronized <T> Optional<T> ifLiving(InstantSource time, BiFunction<MemoryRoom, Instant, T> step) {
        // In the monitor: a step that had to wait for it must not run after the deadline.
        Instant now = time.instant();
        return ended || isExpired(now) ? Optional.empty() : Optional.of(step.apply(this, now));
    }

    /** Lets no later step begin. Idempotent. */
    synchronized void end() {
        ended = true;
        account.close();
    }

    RoomState state() {
        return new RoomState(
                room, log.head(), members.values().stream().map(this::withOwner).toList());
    }

    Optional<Seat> seat(TokenHash token) {
        return Optional.ofNullable(tokens.get(token))
                .map(members::get)
                .map(member -> new Seat(room, log.head(), withOwner(member)));
    }

    private Member withOwner(Member member) {
        boolean owner = members.values().iterator().next().equals(member);
        return new Member(member.identity(), member.joinedSequence(), owner);
    }

    Joined join(Identity identity, TokenHash token, Instant now) {
        Appended appended = members.containsKey(identity.id()) ? null : takeSeat(identity, now);
        addToken(identity.id(), token);
        return new Joined(seat(token).orElseThrow(), appended);
    }

    private Appended takeSeat(Identity identity, Instant now) {
        if (members.size() >= room.maxParticipants()) {
            throw new RoomFullException();
        }
        Appended appended = write(LogEntry.JOINED, identity, null, "", now);
        account.takeAnyway(MemoryBudget.MEMBER_BYTES); // The step is made: refusing it now would leave half of it.
        members.put(identity.id(), new Member(identity, log.head().sequence(), false));
        return appended;
    }

    private void addToken(String identityId, TokenHash token) {
        if (tokens.put(token, identityId) == null) {
            account.takeAnyway(MemoryBudget.TOKEN_BYTES);
        }
        var own = tokens.keySet().stream()
                .filter(other -> identityId.equals(tokens.get(other)))
                .toList();
        if (own.size() > RoomStore.MAX_TOKENS_PER_SEAT) {
            tokens.remove(own.get(0));
            account.give(MemoryBudget.TOKEN_BYTES);
        }
    }

    Optional<Appended> leave(String identityId, Instant now) {
        int before = tokens.size();
        tokens.values().removeIf(identityId::equals);
        account.give((long) (before - tokens.size()) * MemoryBudget.TOKEN_BYTES);
        return Optional.ofNullable(members.remove(identityId)).map(member -> {
            account.give(MemoryBudget.MEMBER_BYTES);
            return write(LogEntry.LEFT, member.identity(), null, "", now);
        });
    }

    Appended append(TokenHash token, Draft draft, Instant now) {
        Identity sender =
                seat(token).orElseThrow(NotAParticipantException::new).member().identity();
        return log.find(sender.id(), draft.key())
                .map(entry -> appended(entry, EntryId.START, false))
                .orElseGet(() -> write(draft.kind(), sender, draft.key(), draft.body(), now));
    }

    private Appended write(String kind, Identity sender, @Nullable String key, String body, Instant now) {
        EntryId previous = log.head();
        LogEntry entry = log.append(kind, sender, key, body, now);
        return appended(entry, previous, true);
    }

    private Appended appended(LogEntry entry, EntryId previous, boolean stored) {
        return new Appended(room.incarnation(), entry, previous, stored, false, log.bytes(), room.expiresAt());
    }

    LogPage page(EntryId after, int limit) {
        return log.page(after, limit);
    }
}
