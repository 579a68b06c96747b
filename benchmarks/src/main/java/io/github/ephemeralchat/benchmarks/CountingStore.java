package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** A store that counts how often each room's log is read. Thread-safe. */
public final class CountingStore implements RoomStore {

    private final RoomStore store;
    private final Map<RoomId, LongAdder> reads = new ConcurrentHashMap<>();

    /**
     * Counts what goes through it.
     *
     * @param store who does the work
     */
    public CountingStore(RoomStore store) {
        this.store = store;
    }

    /** Forgets what was counted. */
    public void reset() {
        reads.clear();
    }

    /**
     * Returns how often the log that was read most was read.
     *
     * @return since the last reset
     */
    public long mostReadsOfARoom() {
        return reads.values().stream().mapToLong(LongAdder::sum).max().orElse(0);
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
        reads.computeIfAbsent(room.id(), id -> new LongAdder()).increment();
        return store.readAfter(room, after, limit);
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public boolean create(Room room, JoinRequest owner) {
        return store.create(room, owner);
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return store.find(id);
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        return store.authenticate(id, candidates);
    }

    @Override
    public Joined join(RoomId id, JoinRequest request) {
        return store.join(id, request);
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        return store.change(id, actor, change);
    }

    @Override
    public boolean destroy(RoomIncarnation room, Actor actor) {
        return store.destroy(room, actor);
    }
}
