package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Keeps rooms in a map and has one monitor for all of them. What a room does in one step is in {@link MapRoom}. */
public final class MapRoomStore implements RoomStore {

    private final Map<RoomId, MapRoom> rooms = new HashMap<>();
    private final LogLimits limits;
    private final InstantSource time;

    /**
     * Creates an empty store.
     *
     * @param limits how much of each log it keeps
     */
    public MapRoomStore(LogLimits limits) {
        this(limits, monotonicClock());
    }

    /** Creates an empty store. The time has to go forward. */
    MapRoomStore(LogLimits limits, InstantSource time) {
        this.limits = limits;
        this.time = time;
    }

    /** Unlike the wall clock, it is never put back. */
    private static InstantSource monotonicClock() {
        Instant start = Instant.now();
        long startNanos = System.nanoTime();
        return () -> start.plusNanos(System.nanoTime() - startNanos);
    }

    private Instant instant() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Every node asks this ten times a second, so it also removes expired rooms (S11). */
    @Override
    public synchronized Instant now() {
        Instant now = instant();
        rooms.values().removeIf(room -> !room.isLiving(now));
        return now;
    }

    @Override
    public synchronized boolean create(Room room, JoinRequest owner) {
        Instant now = now();
        MapRoom created = new MapRoom(room, owner.proof(), limits);
        created.takeSeat(owner, now);
        return created.isLiving(now) && rooms.putIfAbsent(room.id(), created) == null;
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return in(id, (room, now) -> room.state());
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        return in(id, (room, now) -> room.authenticate(candidates)).orElse(List.of());
    }

    @Override
    public Joined join(RoomId id, JoinRequest request) {
        return in(id, (room, now) -> room.join(request, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        return in(id, (room, now) -> room.change(actor, change, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public LogPage readAfter(RoomIncarnation incarnation, EntryId after, int limit) {
        return in(incarnation, (room, now) -> room.readAfter(after, limit)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public boolean destroy(RoomIncarnation incarnation, Actor actor) {
        return in(incarnation, (room, now) -> remove(room, actor)).isPresent();
    }

    private MapRoom remove(MapRoom room, Actor actor) {
        room.checkMayDestroy(actor);
        rooms.values().remove(room);
        return room;
    }

    /** Makes one atomic step in a living room (S1), at one time: no entry is later than what the room was judged by (S7). */
    private synchronized <T> Optional<T> in(RoomId id, BiFunction<MapRoom, Instant, T> step) {
        Instant now = instant();
        return Optional.ofNullable(rooms.get(id))
                .filter(room -> room.isLiving(now))
                .map(room -> step.apply(room, now));
    }

    /** Does the same, unless the code belongs to a later room by now (S9). */
    private synchronized <T> Optional<T> in(RoomIncarnation incarnation, BiFunction<MapRoom, Instant, T> step) {
        MapRoom room = rooms.get(incarnation.id());
        return room != null && room.is(incarnation) ? in(incarnation.id(), step) : Optional.empty();
    }
}
