package io.github.ephemeralchat.scripted;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A store in memory whose time, failures, answers and losses a test decides. Thread-safe; hooks run outside its lock. */
public final class ScriptedStore implements RoomStore {

    /** The host, who may destroy every room. */
    public static final Actor HOST = new Actor.Host("Host");

    /** What a store is asked. */
    public enum Call {
        CREATE,
        FIND,
        AUTHENTICATE,
        JOIN,
        CHANGE,
        READ,
        DESTROY
    }

    private final Map<RoomId, ScriptedRoom> rooms = new ConcurrentHashMap<>();
    private final Map<Call, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Hooks<Call> before = new Hooks<>();
    private final Hooks<Call> after = new Hooks<>();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile RuntimeException failure;
    private volatile RuntimeException clockFailure;
    /** Those that are where the store cannot be reached now. */
    private final Set<RoomId> cutOff = ConcurrentHashMap.newKeySet();

    private volatile UnaryOperator<LogPage> pages = page -> page;

    // ---- By the test ----

    /** How often this was asked. */
    public int calls(Call call) {
        AtomicInteger count = calls.get(call);
        return count == null ? 0 : count.get();
    }

    public void forgetCalls() {
        calls.clear();
    }

    /** Runs a hook before the next call; what it throws, the call throws. */
    public void before(Call call, Runnable hook) {
        before.add(call, hook);
    }

    /** Runs a hook after the next call was carried out; what it throws, the call throws. */
    public void after(Call call, Runnable hook) {
        after.add(call, hook);
    }

    public void pass(Duration duration) {
        now = now.plus(duration);
    }

    /** Every call fails, until null is set. The clock goes on. */
    public void failWith(RuntimeException thrown) {
        failure = thrown;
    }

    public void setUnavailable(boolean unavailable) {
        failWith(unavailable ? new ChatUnavailableException("the test has cut the store off") : null);
    }

    /** The part of the store that has this room cannot be read. */
    public void cutOff(Room room) {
        cutOff.add(room.id());
    }

    /** All parts can be read again. */
    public void mend() {
        cutOff.clear();
    }

    public void failClockWith(RuntimeException thrown) {
        clockFailure = thrown;
    }

    /** Changes the pages that readers get. */
    public void answerPages(UnaryOperator<LogPage> change) {
        pages = change;
    }

    /** A new room with its owner, whose token is {@code owner}. */
    public Room newRoom(Duration ttl) {
        return newRoom(RoomId.random(), 1, ttl);
    }

    public Room newRoom(RoomId id, long incarnation, Duration ttl) {
        return newRoom(id, incarnation, ttl, RoomRules.plain(100_000, false));
    }

    public Room newRoom(RoomId id, long incarnation, Duration ttl, RoomRules rules) {
        Room room = new Room(
                new RoomIncarnation(id, incarnation),
                now,
                now.plus(ttl),
                now.plus(ttl).plus(Duration.ofDays(1)),
                rules,
                false,
                false,
                Map.of());
        create(room, new Identity("owner", "owner"), TokenHash.of("owner"));
        return room;
    }

    /** What this room is in the store, to be changed behind the back of all nodes. */
    public ScriptedRoom inside(Room room) {
        return living(room.id());
    }

    /** The room is gone, and nobody says why. */
    public void lose(Room room) {
        rooms.remove(room.id());
    }

    // ---- By the engine ----

    @Override
    public Instant now() {
        if (clockFailure != null) {
            throw clockFailure;
        }
        return now;
    }

    @Override
    public boolean create(Room room, JoinRequest owner) {
        return call(Call.CREATE, () -> {
            ScriptedRoom made = new ScriptedRoom(room, this::now);
            made.join(owner.identity(), owner.token());
            return rooms.putIfAbsent(room.id(), made) == null;
        });
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return call(Call.FIND, () -> Optional.ofNullable(present(id)).map(ScriptedRoom::state));
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        return call(
                Call.AUTHENTICATE,
                () -> Optional.ofNullable(present(id))
                        .map(room -> room.authenticate(candidates))
                        .orElse(List.of()));
    }

    @Override
    public Joined join(RoomId id, JoinRequest request) {
        return call(Call.JOIN, () -> living(id).join(request.identity(), request.token()));
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        return call(Call.CHANGE, () -> living(id).change(actor, change));
    }

    /** The engine claims nothing. */
    @Override
    public Claimed claim(RoomId id, Actor actor, long sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId place, int limit) {
        return call(Call.READ, () -> {
            if (cutOff.contains(room.id())) {
                throw new ChatUnavailableException("the test has cut the room off");
            }
            return pages.apply(living(room).readAfter(place, limit));
        });
    }

    @Override
    public boolean destroy(RoomIncarnation room, Actor actor) {
        return call(Call.DESTROY, () -> {
            ScriptedRoom known = present(room.id());
            return known != null && known.room().incarnation().equals(room) && rooms.remove(room.id(), known);
        });
    }

    private <T> T call(Call call, Supplier<T> answer) {
        calls.computeIfAbsent(call, any -> new AtomicInteger()).incrementAndGet();
        before.reach(call);
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        T result = answer.get();
        after.reach(call);
        return result;
    }

    private ScriptedRoom present(RoomId id) {
        ScriptedRoom room = rooms.get(id);
        return room == null || !now.isBefore(room.room().expiresAt()) ? null : room;
    }

    private ScriptedRoom living(RoomId id) {
        return Optional.ofNullable(present(id)).orElseThrow(RoomNotFoundException::new);
    }

    private ScriptedRoom living(RoomIncarnation room) {
        return Optional.ofNullable(present(room.id()))
                .filter(found -> found.room().incarnation().equals(room))
                .orElseThrow(RoomNotFoundException::new);
    }
}
