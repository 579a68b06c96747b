package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.AsyncRoomStore;
import io.github.ephemeralchat.spi.Draft;
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
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rooms in Redis. Thread-safe; made by {@link RedisChat}.
 *
 * <p>Each call is one command, {@code EVALSHA} of a script that does all of its work in one atomic step ({@code EVAL}
 * once, if Redis does not know the script yet), and a write also publishes its signal there. Every script first
 * asks Redis's own clock whether the room lives, so that a late call revives nothing.
 *
 * <p>The keys of a room. All have its deadline as their {@code PEXPIREAT}, but for the last one, and it moves with it in one
 * step. All lie in one slot of a cluster:
 *
 * <ul>
 *   <li>{@code ec:{CODE}}, a hash of the room's rules and seats. {@code format}, {@code incarnation}, {@code created}, {@code
 *       latest}, {@code seats}; what changes: {@code deadline}, {@code taken}, {@code owner}; what the room has of {@code
 *       ownerOnly}, {@code encrypted}, {@code messageTtl}, {@code typing}, {@code presence}, {@code locked}, {@code proof} (a
 *       SHA-256), {@code wrong} and {@code waitUntil} (the row of wrong proofs), and {@code properties} (their names, a space
 *       between them). A field for each property, {@code p:NAME}; for each seat {@code i:IDENTITY}, {@code k:IDENTITY} with the
 *       SHA-256 of its tokens, and if it has a profile {@code o:IDENTITY}; for each token {@code t:SHA-256}
 *   <li>{@code ec:{CODE}:log}, a hash of its newest entries, each in one piece under its sequence ({@code EntryCodec}).
 *       {@code head} is the newest one's id, {@code <sequence>-<nonce>}, {@code first} the oldest one's sequence, {@code text}
 *       the bytes of their texts. A field of the sender's id, a zero byte, an equals sign and the sender's own key has the
 *       entry's sequence; a field {@code c:SEQUENCE} says who has claimed that entry's text; {@code due} is when the next text
 *       goes
 *   <li>{@code ec:{CODE}:b:SEQUENCE}, the text of an entry that has claims or an end of its own, which then is not in the log.
 *       Its key goes when the text goes, if that is before the room's end
 *   <li>{@code ec:{CODE}:bodies}, a sorted set of those sequences by when they go; if it was evicted it is made anew. It ends 10 s
 *       after the room, so that a look at a room that has ended removes its texts
 * </ul>
 *
 * <p>A room that lacks one of the first two has lost it by eviction, and is over; a text whose key was evicted is told as
 * {@link io.github.ephemeralchat.model.Forgotten#EXPIRED}. Any entry can be freed alone, or written without its
 * text, and Redis then has the memory again, as it has not with a stream. A post whose kind or key holds a zero byte is
 * refused with {@code IllegalArgumentException}.
 *
 * <p>{@code format} says which version's rules the room was written by, and stays where it is in every version. A room in
 * another format than this version's is refused as a whole ({@link IncompatibleRoomException}),
 * neither read nor changed, and its code is not given to another room.
 *
 * <p>{@code ec:wrong-codes:MINUTE} counts over all nodes how many wrong room codes were tried in that minute, and ends two
 * minutes after the last.
 *
 * <p>Signals go over the channel {@code ec:{CODE}:sig}. The scripts use {@code TIME}, {@code EXISTS}, {@code HMGET},
 * {@code HGET}, {@code HGETALL}, {@code HSET}, {@code HDEL}, {@code PEXPIREAT}, {@code UNLINK}, {@code PUBLISH}, {@code
 * INCRBY}, {@code PEXPIRE}, {@code SET}, {@code GET}, {@code MGET}, {@code ZADD}, {@code ZREM} and {@code ZRANGE}; if signals are
 * sharded {@code SPUBLISH} instead of {@code PUBLISH}. Beside them {@link RedisChat} sends {@code TIME}, {@code INFO}, {@code
 * PUBLISH}, {@code SUBSCRIBE}, {@code UNSUBSCRIBE}, {@code PING} and for sharded signals {@code SPUBLISH}, {@code SSUBSCRIBE} and
 * {@code SUNSUBSCRIBE}, and Lettuce what it connects with.
 */
public final class RedisRoomStore implements RoomStore, AsyncRoomStore, WrongCodeCounter {

    private static final int MAX_PAGE = 500;
    private static final int PAGE_BYTES = 1 << 20;
    /** What is answered of a page before its entries, and of a seat or a claim before what is new. */
    private static final int PAGE_PARTS = 3;

    private static final int SEAT_PARTS = 5;
    private static final int CLAIM_PARTS = 2;
    private static final long MINUTE_MILLIS = 60_000;

    private final RedisCalls calls;
    private final AsyncRedisCalls async;
    private final LogLimits limits;

    RedisRoomStore(RedisCalls calls, AsyncRedisCalls async, LogLimits limits) {
        this.calls = calls;
        this.async = async;
        this.limits = limits;
    }

    @Override
    public Instant now() {
        return calls.time().now();
    }

    @Override
    public boolean create(Room room, JoinRequest owner) {
        Identity identity = owner.identityIn(room);
        Stream<Object> own = Stream.of(
                room.incarnation().number(),
                room.expiresAt().toEpochMilli(),
                identity.id(),
                identity.name(),
                owner.token().hex(),
                ChangeCommand.orEmpty(owner.profile()));
        Stream<Object> fields = Rooms.fields(room, owner.proof()).entrySet().stream()
                .flatMap(field -> Stream.of(field.getKey(), field.getValue()));
        return write(LuaScript.CREATE, room.id(), Stream.concat(own, fields))
                .status()
                .equals("ok");
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        Reply reply = calls.run(LuaScript.FIND, id);
        return reply.status().equals("not_found") ? Optional.empty() : Optional.of(Rooms.state(id, reply));
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        Object[] hashes = candidates.stream().map(TokenHash::hex).toArray();
        Reply reply = calls.run(LuaScript.AUTHENTICATE, id, hashes);
        List<Authenticated> seats = new ArrayList<>(1);
        for (int i = 2; i < reply.size(); i += 4) {
            TokenHash token = candidates.get((int) reply.number(i) - 1);
            seats.add(new Authenticated(token, seat(id, reply, i + 1)));
        }
        return seats;
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
        boolean isNew = reply.size() > SEAT_PARTS;
        return new Joined(seat(id, reply, 2), isNew ? appended(id, reply, SEAT_PARTS, "") : null);
    }

    /** The newest entry's id, the room, and at an index the member's identity id, its seat, its profile. */
    private static Seat seat(RoomId id, Reply reply, int index) {
        Map<String, String> room = reply.fields(1);
        Member member = Rooms.member(room, reply.text(index), reply.text(index + 1), reply.text(index + 2));
        return new Seat(Rooms.room(id, room), EntryCodec.id(reply.text(0)), member);
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        Write write = write(id, actor, change);
        return write.made(id, calls.run(write.script, id, write.arguments.toArray()));
    }

    @Override
    public CompletionStage<Optional<Appended>> changeAsync(RoomId id, Actor actor, RoomChange change) {
        Write write;
        try {
            write = write(id, actor, change);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        return async.run(write.script, id, write.arguments.toArray()).thenApply(reply -> write.made(id, reply));
    }

    /**
     * A change as a script.
     *
     * @param text of a new entry, as far as the answer leaves it out
     */
    private record Write(LuaScript script, List<Object> arguments, String text) {

        Optional<Appended> made(RoomId id, Reply reply) {
            return Refusals.orThrow(reply).status().equals("unchanged")
                    ? Optional.empty()
                    : Optional.of(appended(id, reply, 0, text));
        }
    }

    private Write write(RoomId id, Actor actor, RoomChange change) {
        if (change instanceof RoomChange.Post post) {
            return post(id, actor, post.draft());
        }
        if (actor instanceof Actor.Host && change instanceof RoomChange.Leave leave && leave.identityId() == null) {
            throw new IllegalArgumentException("the host has no seat");
        }
        ChangeCommand command = ChangeCommand.of(change);
        Stream<Object> own = Stream.concat(ChangeCommand.actor(actor).stream(), command.arguments().stream());
        return new Write(command.script(), arguments(id, own), "");
    }

    private Write post(RoomId id, Actor actor, Draft draft) {
        Boolean encrypted = draft.encrypted();
        Duration ttl = draft.ttl();
        Stream<Object> own = Stream.of(
                EntryCodec.part(draft.kind()),
                EntryCodec.key(draft.key()),
                draft.body(),
                encrypted == null ? "" : ChangeCommand.flag(encrypted),
                ttl == null ? "" : ttl.toMillis(),
                ChangeCommand.orEmpty(draft.claims()));
        List<Object> arguments = arguments(id, Stream.concat(ChangeCommand.actor(actor).stream(), own));
        return new Write(LuaScript.POST, arguments, draft.claims() == null ? draft.body() : "");
    }

    /**
     * What {@code appended} in {@code log.lua} answers: the script has announced what it has written, this one or that of an
     * earlier call.
     *
     * @param text of an entry that is new, as far as the answer leaves it out
     */
    private static Appended appended(RoomId id, Reply reply, int index, String text) {
        RoomIncarnation room = new RoomIncarnation(id, Long.parseLong(reply.text(index)));
        Instant deadline = EntryCodec.millis(reply.text(index + 1));
        long logBytes = reply.number(index + 2) * LogEntry.OVERHEAD_BYTES + reply.number(index + 3);
        String previous = reply.text(index + 4);
        boolean stored = !previous.isEmpty();
        String entry = reply.text(index + 6) + (stored ? text : "");
        return new Appended(
                room,
                EntryCodec.entry(reply.number(index + 5), entry),
                stored ? EntryCodec.id(previous) : EntryId.START,
                stored,
                true,
                logBytes,
                deadline);
    }

    @Override
    public Claimed claim(RoomId id, Actor actor, long sequence) {
        if (actor instanceof Actor.Host) {
            throw new IllegalArgumentException("the host claims nothing");
        }
        Stream<Object> own =
                Stream.concat(ChangeCommand.actor(actor).stream(), Stream.of(sequence, CLAIM_REPEATS.toMillis()));
        Reply reply = Refusals.orThrow(write(LuaScript.CLAIM, id, own));
        LogEntry entry = EntryCodec.claimed(sequence, reply.text(0), reply.text(1));
        boolean isNew = reply.size() > CLAIM_PARTS;
        return new Claimed(entry, isNew ? appended(id, reply, CLAIM_PARTS, "") : null);
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
                PAGE_BYTES));
        Continuity continuity = Continuity.valueOf(reply.text(0).toUpperCase(Locale.ROOT));
        long first = reply.number(2);
        List<LogEntry> entries = IntStream.range(PAGE_PARTS, reply.size())
                .mapToObj(i -> EntryCodec.entry(first + i - PAGE_PARTS, reply.text(i)))
                .toList();
        return new LogPage(continuity, entries, EntryCodec.id(reply.text(1)));
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

    /** Runs a script that may append. */
    private Reply write(LuaScript script, RoomId id, Stream<Object> own) {
        return calls.run(script, id, arguments(id, own).toArray());
    }

    /** The arguments of a script that may append: before its own are those that an entry takes. */
    private List<Object> arguments(RoomId id, Stream<Object> own) {
        // It tells two histories apart and guards nothing: it need not be hard to guess, only cheap.
        long nonce = ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE);
        Stream<Object> common = Stream.of(calls.names().channel(id), limits.maxEntries(), limits.maxTextBytes(), nonce);
        return Stream.concat(common, own).toList();
    }

    private static String hexOrEmpty(@Nullable TokenHash hash) {
        return hash == null ? "" : hash.hex();
    }
}
