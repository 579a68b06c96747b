package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * once, where Redis does not know the script yet), and a write also publishes its signal there. Every script first
 * asks Redis's own clock whether the room lives, so that a late call revives nothing.
 *
 * <p>The keys of a room. All have its deadline as their {@code PEXPIREAT}, which moves with it in one step, and all lie in
 * one slot of a cluster:
 *
 * <ul>
 *   <li>{@code ec:{CODE}}, a hash: {@code format}, {@code incarnation}, {@code created}, {@code latest}, {@code seats},
 *       {@code ownerOnly}, and what changes: {@code deadline}, {@code head}, {@code first}, {@code text}, {@code taken},
 *       {@code owner}; if the room has them also {@code locked}, {@code proof} (a SHA-256), {@code wrong} and
 *       {@code waitUntil} (the row of wrong proofs), and a {@code p:NAME} for each property
 *   <li>{@code ec:{CODE}:log}, a stream of the newest entries: {@code v}, {@code kind}, {@code from}, {@code name},
 *       {@code at}, {@code body}, {@code key}. An entry's id is {@code <sequence>-<nonce>}
 *   <li>{@code ec:{CODE}:members}, a hash of seats, each with a mark if it is a reader's, and of the SHA-256 of their tokens
 *   <li>{@code ec:{CODE}:ids}, a hash from a participant, or the host, and its own id for an entry to the entry, as long as the
 *       log keeps that
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
    public boolean create(Room room, JoinRequest owner) {
        Identity identity = owner.identityIn(room);
        Stream<Object> fixed = Stream.of(
                room.incarnation().number(),
                room.createdAt().toEpochMilli(),
                room.expiresAt().toEpochMilli(),
                room.latestExpiresAt().toEpochMilli(),
                room.maxParticipants(),
                ChangeCommand.flag(room.ownerOnlyDestroy()),
                ChangeCommand.flag(room.locked()),
                hexOrEmpty(owner.proof()),
                identity.id(),
                identity.name(),
                owner.token().hex(),
                MAX_TOKENS_PER_SEAT,
                ChangeCommand.orEmpty(owner.profile()));
        Stream<Object> arguments =
                Stream.of(fixed, rules(room.rules()), properties(room)).flatMap(part -> part);
        return write(LuaScript.CREATE, room.id(), arguments).status().equals("ok");
    }

    private static Stream<Object> rules(RoomRules rules) {
        Duration messageTtl = rules.messageTtl();
        return Stream.of(
                ChangeCommand.flag(rules.encrypted()),
                messageTtl == null ? "" : messageTtl.toMillis(),
                ChangeCommand.flag(rules.typing()),
                ChangeCommand.flag(rules.presence()));
    }

    private static Stream<Object> properties(Room room) {
        return room.properties().entrySet().stream().flatMap(each -> Stream.of(each.getKey(), each.getValue()));
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        Reply reply = calls.run(LuaScript.FIND, id);
        return reply.status().equals("not_found") ? Optional.empty() : Optional.of(Entries.state(id, reply));
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        Object[] hashes = candidates.stream().map(TokenHash::hex).toArray();
        Reply reply = calls.run(LuaScript.AUTHENTICATE, id, hashes);
        if (!reply.status().equals("ok")) {
            return List.of();
        }
        Room room = Entries.room(id, reply.texts(0));
        List<Authenticated> seats = new ArrayList<>(1);
        for (int i = 3; i < reply.size(); i += 4) {
            TokenHash token = candidates.get((int) reply.number(i) - 1);
            seats.add(new Authenticated(token, seat(room, reply, i + 1)));
        }
        return seats;
    }

    /** The seat at an index of a reply that has the owner and the newest entry at 1 and 2. */
    private static Seat seat(Room room, Reply reply, int index) {
        Member member = Entries.member(reply.text(index), reply.text(index + 1), reply.text(index + 2), reply.text(1));
        return new Seat(room, Entries.id(reply.text(2)), member);
    }

    @Override
    public Joined join(RoomId id, JoinRequest request) {
        Identity identity = request.identity();
        Stream<Object> own = Stream.of(
                identity.id(),
                identity.name(),
                request.token().hex(),
                MAX_TOKENS_PER_SEAT,
                ChangeCommand.flag(request.named()),
                hexOrEmpty(request.proof()),
                ChangeCommand.flag(request.admitted()),
                FREE_WRONG_PROOFS,
                request.handle(),
                ChangeCommand.orEmpty(request.profile()));
        Reply reply = Refusals.orThrow(write(LuaScript.JOIN, id, own));
        Room room = Entries.room(id, reply.texts(0));
        Seat seat = seat(room, reply, 3);
        boolean isNew = reply.size() > 6;
        String body = EntryBody.joined(seat.member().role(), seat.member().profile());
        Appended appended = isNew ? written(room.incarnation(), reply, 6, LogEntry.JOINED, null, body) : null;
        return new Joined(seat, appended);
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        if (change instanceof RoomChange.Post post) {
            return Optional.of(post(id, actor, post.draft()));
        }
        if (actor instanceof Actor.Host && change instanceof RoomChange.Leave leave && leave.identityId() == null) {
            throw new IllegalArgumentException("the host has no seat");
        }
        ChangeCommand command = ChangeCommand.of(change);
        Stream<Object> own = Stream.concat(ChangeCommand.actor(actor).stream(), command.arguments().stream());
        Reply reply = Refusals.orThrow(write(command.script(), id, own));
        return reply.status().equals("unchanged")
                ? Optional.empty()
                : Optional.of(written(incarnation(id, reply), reply, 1, command.kind(), null, reply.text(3)));
    }

    private Appended post(RoomId id, Actor actor, Draft draft) {
        Stream<Object> own = Stream.concat(
                ChangeCommand.actor(actor).stream(),
                Stream.of(
                        draft.kind(),
                        draft.key(),
                        draft.body(),
                        draft.encrypted() == null ? "" : ChangeCommand.flag(draft.encrypted())));
        Reply reply = Refusals.orThrow(write(LuaScript.POST, id, own));
        RoomIncarnation room = incarnation(id, reply);
        return reply.number(1) == 1
                ? written(room, reply, 2, draft.kind(), draft.key(), draft.body())
                : appended(room, Entries.entry(reply.list(2)), EntryId.START, false, reply.texts(3));
    }

    private static RoomIncarnation incarnation(RoomId id, Reply reply) {
        return new RoomIncarnation(id, Long.parseLong(reply.text(0)));
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
        Reply reply = Refusals.orThrow(calls.run(
                LuaScript.READ,
                room.id(),
                room.number(),
                after.sequence(),
                after.nonce(),
                Math.min(limit, MAX_PAGE),
                PAGE_TEXT_BYTES));
        List<LogEntry> entries = reply.list(2).stream()
                .map(entry -> Entries.entry((List<?>) entry))
                .toList();
        Continuity continuity = Continuity.valueOf(reply.text(0).toUpperCase(Locale.ROOT));
        return new LogPage(continuity, entries, Entries.id(reply.text(1)));
    }

    @Override
    public boolean destroy(RoomIncarnation room, Actor actor) {
        Object[] own = Stream.concat(Stream.of(room.number()), ChangeCommand.actor(actor).stream())
                .toArray();
        Reply reply = calls.run(LuaScript.DESTROY, room.id(), own);
        return !reply.status().equals("not_found")
                && Refusals.orThrow(reply).status().equals("ok");
    }

    @Override
    public long addWrongCodes(int count) {
        long minute = now().toEpochMilli() / MINUTE_MILLIS;
        return calls.count(calls.names().wrongCodes(minute), count, 2 * MINUTE_MILLIS);
    }

    /** Runs a script that may append: before its own arguments are those that an entry takes. */
    private Reply write(LuaScript script, RoomId id, Stream<Object> own) {
        // It tells two histories apart and guards nothing: it need not be hard to guess, only cheap.
        long nonce = ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE);
        Stream<Object> common = Stream.of(calls.names().channel(id), limits.maxEntries(), limits.maxTextBytes(), nonce);
        return calls.run(script, id, Stream.concat(common, own).toArray());
    }

    private static String hexOrEmpty(@Nullable TokenHash hash) {
        return hash == null ? "" : hash.hex();
    }
}
