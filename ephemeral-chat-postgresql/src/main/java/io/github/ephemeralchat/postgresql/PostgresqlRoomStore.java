package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.AsyncRoomStore;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rooms in PostgreSQL 13 and later. Thread-safe; made by {@link PostgresqlChat}.
 *
 * <p>Each call is one statement and one round trip: a function of the schema {@code ephemeral_chat} that does all of its
 * work in one transaction. A write first locks the room's row, and then judges everything by the server's own clock, so
 * that a late call revives nothing. The functions run with the rights of the schema's owner: a node needs no more than to
 * call them ({@code role.sql}).
 *
 * <p>What people write is in {@code UNLOGGED} tables: it is in no write-ahead log, replica or backup made of it, and a
 * server that has crashed starts without it. The tables are partitioned by the hour of a room's
 * {@link Room#latestExpiresAt() latest end}, and bodies by that of their own end. A call or the janitor deletes the rows of
 * what has ended; their bytes are on disk until a vacuum takes their place, or at the latest until the partition is
 * dropped, a minute after its hour.
 *
 * <p>A post whose kind or key holds a zero byte is refused with {@code IllegalArgumentException}. A room in another format
 * than this version's is refused as a whole ({@link IncompatibleRoomException}).
 */
public final class PostgresqlRoomStore implements RoomStore, AsyncRoomStore, WrongCodeCounter {

    private static final int MAX_PAGE = 500;
    private static final long PAGE_BYTES = 1 << 20;

    private final DatabaseCalls calls;
    private final LogLimits limits;
    private final Consumer<RoomSignal> announcer;

    /**
     * Creates a store.
     *
     * @param announcer sends a signal to all nodes, and may wait for a moment
     */
    PostgresqlRoomStore(DatabaseCalls calls, LogLimits limits, Consumer<RoomSignal> announcer) {
        this.calls = calls;
        this.limits = limits;
        this.announcer = announcer;
    }

    @Override
    public Instant now() {
        return calls.time().now();
    }

    @Override
    public boolean create(Room room, JoinRequest owner) {
        List<Map.Entry<String, String>> properties =
                List.copyOf(room.properties().entrySet());
        return calls.call(
                "create_room",
                room.id().value(),
                answer -> answer.text("status").equals("ok"),
                (long) limits.maxEntries(),
                limits.maxTextBytes(),
                room.incarnation().number(),
                room.createdAt().toEpochMilli(),
                room.expiresAt().toEpochMilli(),
                room.latestExpiresAt().toEpochMilli(),
                room.maxParticipants(),
                room.ownerOnlyDestroy(),
                room.encrypted(),
                Rows.millis(room.rules().messageTtl()),
                room.rules().typing(),
                room.rules().presence(),
                room.locked(),
                hexOrNull(owner.proof()),
                properties.stream().map(Map.Entry::getKey).toArray(String[]::new),
                properties.stream()
                        .map(property -> Rows.bytes(property.getValue()))
                        .toArray(byte[][]::new),
                owner.identity().id(),
                owner.identityIn(room).name(),
                owner.token().hex(),
                Objects.requireNonNullElse(owner.profile(), ""));
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return calls.call("find_room", id.value(), answer -> {
            if (answer.text("status").equals("not_found")) {
                return Optional.empty();
            }
            return Optional.of(new RoomState(Rows.room(id, answer), Rows.head(answer), Rows.members(answer)));
        });
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        Object hashes = candidates.stream().map(TokenHash::hex).toArray(String[]::new);
        return calls.call("authenticate", id.value(), answer -> authenticated(id, candidates, answer), hashes);
    }

    private static List<Authenticated> authenticated(RoomId id, List<TokenHash> candidates, Row answer) {
        if (answer.text("status").equals("not_found")) {
            return List.of();
        }
        List<String> tokens = answer.texts("tokens");
        List<Member> members = Rows.members(answer);
        Room room = Rows.room(id, answer);
        EntryId head = Rows.head(answer);
        return candidates.stream()
                .flatMap(token -> IntStream.range(0, tokens.size())
                        .filter(i -> tokens.get(i).equals(token.hex()))
                        .mapToObj(i -> new Authenticated(token, new Seat(room, head, members.get(i)))))
                .toList();
    }

    @Override
    public Joined join(RoomId id, JoinRequest request) {
        return calls.call(
                "take_seat",
                id.value(),
                answer -> joined(id, answer),
                (long) limits.maxEntries(),
                limits.maxTextBytes(),
                request.identity().id(),
                request.identity().name(),
                request.handle(),
                request.token().hex(),
                MAX_TOKENS_PER_SEAT,
                request.named(),
                hexOrNull(request.proof()),
                request.admitted(),
                FREE_WRONG_PROOFS,
                Objects.requireNonNullElse(request.profile(), ""));
    }

    private static Joined joined(RoomId id, Row answer) {
        Refusals.throwIfAny(answer);
        Seat seat = new Seat(
                Rows.room(id, answer), Rows.head(answer), Rows.members(answer).get(0));
        return new Joined(seat, answer.isNull("previous_sequence") ? null : Rows.appended(id, answer));
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        return calls.call(id, ChangeCall.of(limits, actor, change), answer -> changed(id, answer));
    }

    @Override
    public CompletionStage<Optional<Appended>> changeAsync(RoomId id, Actor actor, RoomChange change) {
        try {
            ChangeCall call = ChangeCall.of(limits, actor, change);
            return calls.callAsync(id, call, answer -> changed(id, answer), made -> made.map(this::announced));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Announces here what was stored, since that may wait, and the one who is answered may not. */
    private Appended announced(Appended made) {
        try {
            announcer.accept(made.signal());
        } catch (ChatUnavailableException e) {
            return made;
        }
        return new Appended(
                made.room(), made.entry(), made.previous(), made.stored(), true, made.logBytes(), made.expiresAt());
    }

    private static Optional<Appended> changed(RoomId id, Row answer) {
        Refusals.throwIfAny(answer);
        return answer.text("status").equals("unchanged") ? Optional.empty() : Optional.of(Rows.appended(id, answer));
    }

    @Override
    public Claimed claim(RoomId id, Actor actor, long sequence) {
        return calls.call(id, ChangeCall.claim(limits, actor, sequence), answer -> claimed(id, answer));
    }

    private static Claimed claimed(RoomId id, Row answer) {
        Refusals.throwIfAny(answer);
        LogEntry entry = Rows.entry(answer);
        return new Claimed(entry, answer.next() ? Rows.appended(id, answer) : null);
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has at least one entry");
        }
        return calls.call(
                "read_after",
                room.id().value(),
                PostgresqlRoomStore::page,
                room.number(),
                after.sequence(),
                after.nonce(),
                Math.min(limit, MAX_PAGE),
                PAGE_BYTES);
    }

    private static LogPage page(Row answer) {
        Refusals.throwIfAny(answer);
        Continuity continuity = Continuity.valueOf(answer.text("status").toUpperCase(Locale.ROOT));
        EntryId head = Rows.head(answer);
        List<LogEntry> entries = new ArrayList<>();
        while (answer.next()) {
            entries.add(Rows.entry(answer));
        }
        return new LogPage(continuity, entries, head);
    }

    @Override
    public boolean destroy(RoomIncarnation room, Actor actor) {
        return calls.call(room.id(), ChangeCall.destroy(room, actor), answer -> {
            if (answer.text("status").equals("not_found")) {
                return false;
            }
            Refusals.throwIfAny(answer);
            return true;
        });
    }

    @Override
    public long addWrongCodes(int count) {
        return calls.query(
                "SELECT * FROM ephemeral_chat.count_wrong_codes(?)",
                answer -> {
                    answer.next();
                    return answer.number("detail");
                },
                (long) count);
    }

    private static @Nullable String hexOrNull(@Nullable TokenHash hash) {
        return hash == null ? null : hash.hex();
    }
}
