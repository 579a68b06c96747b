package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rooms in Redis. Thread-safe; made by {@link RedisChat}.
 *
 * <p>Each call is one command, {@code EVALSHA} of a script that does all of its work in one atomic step ({@code EVAL}
 * once, where Redis does not know the script yet), and an append also publishes its signal there. Every script first
 * asks Redis's own clock whether the room lives, so that a late call revives nothing.
 *
 * <p>The keys of a room, which all have its deadline as their {@code PEXPIREAT}, and lie in one slot of a cluster:
 *
 * <ul>
 *   <li>{@code ec:{CODE}}, a hash: {@code format}, {@code incarnation}, {@code created}, {@code deadline}, {@code seats},
 *       {@code ownerOnly}, and what changes: {@code head}, {@code first}, {@code text}, {@code taken}, {@code owner}
 *   <li>{@code ec:{CODE}:log}, a stream of the newest entries: {@code v}, {@code kind}, {@code from}, {@code name},
 *       {@code at}, {@code body}, {@code key}. An entry's id is {@code <sequence>-<nonce>}
 *   <li>{@code ec:{CODE}:members}, a hash of seats and of the SHA-256 of their tokens
 *   <li>{@code ec:{CODE}:ids}, a hash from a participant and its own id for an entry to the entry, as long as the log
 *       keeps that
 * </ul>
 *
 * <p>{@code format} says which version's rules the room was written by, and stays where it is in every version. A room in
 * another format than this version's is refused as a whole ({@link IncompatibleRoomException}),
 * neither read nor changed, and its code is not given to another room.
 *
 * <p>{@code ec:wrong-codes:MINUTE} counts over all nodes how many wrong room codes were tried in that minute, and ends two
 * minutes after the last.
 *
 * <p>Signals go over the channel {@code ec:{CODE}:sig}. The scripts use {@code TIME}, {@code EXISTS}, {@code HMGET},
 * {@code HGET}, {@code HGETALL}, {@code HLEN}, {@code HSET}, {@code HDEL}, {@code XADD}, {@code XRANGE}, {@code XTRIM},
 * {@code PEXPIREAT}, {@code UNLINK}, {@code PUBLISH}, {@code INCRBY} and {@code PEXPIRE}. Beside them {@link RedisChat} sends {@code TIME}, {@code INFO
 * memory} once, {@code PUBLISH}, {@code SUBSCRIBE}, {@code UNSUBSCRIBE} and {@code PING}, and Lettuce what it connects
 * with.
 */
public final class RedisRoomStore implements RoomStore, WrongCodeCounter {

    private static final int MAX_PAGE = 500;
    private static final int PAGE_TEXT_BYTES = 1 << 20;
    private static final long MINUTE_MILLIS = 60_000;

    private final RedisCalls calls;
    private final LogLimits limits;

    RedisRoomStore(RedisCalls calls, LogLimits limits) {
        this.calls = calls;
        this.limits = limits;
    }

    @Override
    public Instant now() {
        return calls.time().now();
    }

    @Override
    public boolean create(Room room, Identity owner, TokenHash token) {
        Reply reply = write(
                LuaScript.CREATE,
                room.id(),
                room.incarnation().number(),
                room.createdAt().toEpochMilli(),
                room.expiresAt().toEpochMilli(),
                room.maxParticipants(),
                room.ownerOnlyDestroy() ? 1 : 0,
                owner.id(),
                owner.name(),
                token.hex(),
                MAX_TOKENS_PER_SEAT);
        return reply.status().equals("ok");
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        Reply reply = calls.run(LuaScript.FIND, id);
        return reply.status().equals("not_found") ? Optional.empty() : Optional.of(Entries.state(id, reply));
    }

    @Override
    public Optional<Seat> authenticate(RoomId id, TokenHash token) {
        Reply reply = calls.run(LuaScript.AUTHENTICATE, id, token.hex());
        if (!reply.status().equals("ok")) {
            return Optional.empty();
        }
        Member member = Entries.member(reply.text(3), reply.text(4), reply.text(1));
        return Optional.of(new Seat(Entries.room(id, reply.texts(0)), Entries.id(reply.text(2)), member));
    }

    @Override
    public Joined join(RoomId id, Identity identity, TokenHash token) {
        Reply reply = write(LuaScript.JOIN, id, identity.id(), identity.name(), token.hex(), MAX_TOKENS_PER_SEAT);
        refuse(reply);
        Room room = Entries.room(id, reply.texts(0));
        Seat seat =
                new Seat(room, Entries.id(reply.text(2)), Entries.member(identity.id(), reply.text(3), reply.text(1)));
        boolean isNew = reply.size() > 4;
        return new Joined(seat, isNew ? written(room.incarnation(), reply, 4, LogEntry.JOINED, null, "") : null);
    }

    @Override
    public Optional<Appended> leave(RoomIncarnation room, String identityId) {
        Reply reply = write(LuaScript.LEAVE, room.id(), room.number(), identityId);
        if (reply.status().equals("not_member")) {
            return Optional.empty();
        }
        refuse(reply);
        return Optional.of(written(room, reply, 0, LogEntry.LEFT, null, ""));
    }

    @Override
    public Appended append(RoomId id, TokenHash token, Draft draft) {
        Reply reply = write(LuaScript.APPEND, id, token.hex(), draft.kind(), draft.key(), draft.body());
        refuse(reply);
        RoomIncarnation room = new RoomIncarnation(id, Long.parseLong(reply.text(0)));
        return reply.number(1) == 1
                ? written(room, reply, 2, draft.kind(), draft.key(), draft.body())
                : appended(room, Entries.entry(reply.list(2)), EntryId.START, false, reply.texts(3));
    }

    /** Of the new entry a script answers only what its caller does not know, then what the log holds. */
    private static Appended written(
            RoomIncarnation room, Reply reply, int index, String kind, @Nullable String key, String body) {
        List<String> fields = reply.texts(index);
        Identity sender = new Identity(fields.get(2), fields.get(3));
        LogEntry entry =
                new LogEntry(Entries.id(fields.get(1)), kind, sender, key, body, Entries.millis(fields.get(4)));
        return appended(room, entry, Entries.id(fields.get(0)), true, reply.texts(index + 1));
    }

    /** What the store has written it has announced as well. */
    private static Appended appended(
            RoomIncarnation room, LogEntry entry, EntryId previous, boolean stored, List<String> holding) {
        long entries = Long.parseLong(holding.get(0));
        long logBytes = Long.parseLong(holding.get(1)) + entries * LogEntry.OVERHEAD_BYTES;
        return new Appended(room, entry, previous, stored, stored, logBytes, Entries.millis(holding.get(2)));
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has at least one entry");
        }
        Reply reply = calls.run(
                LuaScript.READ,
                room.id(),
                room.number(),
                after.sequence(),
                after.nonce(),
                Math.min(limit, MAX_PAGE),
                PAGE_TEXT_BYTES);
        refuse(reply);
        List<LogEntry> entries = reply.list(2).stream()
                .map(entry -> Entries.entry((List<?>) entry))
                .toList();
        Continuity continuity = Continuity.valueOf(reply.text(0).toUpperCase(Locale.ROOT));
        return new LogPage(continuity, entries, Entries.id(reply.text(1)));
    }

    @Override
    public boolean destroy(RoomIncarnation room) {
        return calls.run(LuaScript.DESTROY, room.id(), room.number()).status().equals("ok");
    }

    @Override
    public long addWrongCodes(int count) {
        long minute = now().toEpochMilli() / MINUTE_MILLIS;
        return calls.count(calls.names().wrongCodes(minute), count, 2 * MINUTE_MILLIS);
    }

    /** Runs a script that may append: before its own arguments are those that an entry takes. */
    private Reply write(LuaScript script, RoomId id, Object... own) {
        // It tells two histories apart and guards nothing: it need not be hard to guess, only cheap.
        long nonce = ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE);
        Stream<Object> common = Stream.of(calls.names().channel(id), limits.maxEntries(), limits.maxTextBytes(), nonce);
        return calls.run(script, id, Stream.concat(common, Stream.of(own)).toArray());
    }

    private static void refuse(Reply reply) {
        switch (reply.status()) {
            case "not_found" -> throw new RoomNotFoundException();
            case "not_member" -> throw new NotAParticipantException();
            case "full" -> throw new RoomFullException();
            default -> {}
        }
    }
}
