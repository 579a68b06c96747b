package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.internal.support.Setting;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.LimitExceededException;
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
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Keeps rooms in the memory of this JVM: for one node, and for tests. Thread-safe; each room has a lock of its own, and
 * two rooms share nothing but the index that they are in.
 *
 * <p>A room that has ended is invisible at once, and its content is dropped within a few seconds, also if nobody calls
 * the store. A living room is never removed to make place for another: a store that has its greatest number of rooms or
 * of bytes refuses new rooms, seats and messages with {@link LimitExceededException}. The store needs no
 * closing: its one daemon thread ends soon after the store itself is garbage.
 *
 * <pre>{@code
 * MemoryRoomStore store = MemoryRoomStore.builder()
 *         .maxRooms(1_000)
 *         .logLimits(new LogLimits(500, 1 << 20)) // of each room: entries, bytes of text
 *         .build();
 * }</pre>
 */
public final class MemoryRoomStore implements RoomStore {

    /** Five seconds after a room's end nothing of it may be left; this keeps well within that. */
    private static final Duration CLEARING_PERIOD = Duration.ofSeconds(1);

    private final InstantSource time;
    private final LogLimits limits;
    private final MemoryBudget budget;
    private final RoomIndex rooms;

    private MemoryRoomStore(Builder builder) {
        var source = builder.timeSource;
        time = () -> source.instant().truncatedTo(ChronoUnit.MILLIS);
        limits = builder.logLimits;
        budget = new MemoryBudget(builder.maxBytes);
        rooms = new RoomIndex(builder.maxRooms, time);
        rooms.removeExpiredEvery(CLEARING_PERIOD);
    }

    /** {@return an empty store with the usual settings} */
    public static MemoryRoomStore create() {
        return builder().build();
    }

    /** {@return a builder that holds the usual settings} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public boolean create(Room room, JoinRequest owner) {
        Instant now = now();
        var created = new MemoryRoom(room, owner.proof(), limits, budget);
        boolean added = false;
        try {
            created.takeSeat(owner, now);
            added = !created.isExpired(now) && rooms.add(created);
        } finally {
            if (!added) {
                created.end();
            }
        }
        return added;
    }

    /** How many bytes are taken, by the store's own estimate. */
    long usedBytes() {
        return budget.used();
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
        Objects.requireNonNull(change);
        MemoryRoom room = rooms.find(id).orElseThrow(RoomNotFoundException::new);
        Optional<Appended> changed = room.ifLiving(time, (living, now) -> living.change(actor, change, now))
                .orElseThrow(RoomNotFoundException::new);
        if (change instanceof RoomChange.Deadline) {
            rooms.deadlineMoved(room);
        }
        return changed;
    }

    @Override
    public Claimed claim(RoomId id, Actor actor, long sequence) {
        return in(id, (room, now) -> room.claim(actor, sequence, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public LogPage readAfter(RoomIncarnation incarnation, EntryId after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has at least one entry");
        }
        return in(incarnation, (room, now) -> room.page(after, limit)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public boolean destroy(RoomIncarnation incarnation, Actor actor) {
        return find(incarnation).map(room -> destroy(room, actor)).orElse(false);
    }

    /** The room ends in the step that judges the actor; what is left to do is to take it out of the index. */
    private boolean destroy(MemoryRoom room, Actor actor) {
        boolean lived =
                room.ifLiving(time, (living, now) -> living.destroy(actor)).isPresent();
        rooms.remove(room);
        return lived;
    }

    private Optional<MemoryRoom> find(RoomIncarnation incarnation) {
        return rooms.find(incarnation.id())
                .filter(room -> room.room().incarnation().equals(incarnation));
    }

    private <T> Optional<T> in(RoomId id, BiFunction<MemoryRoom, Instant, T> step) {
        return rooms.find(id).flatMap(room -> room.ifLiving(time, step));
    }

    private <T> Optional<T> in(RoomIncarnation incarnation, BiFunction<MemoryRoom, Instant, T> step) {
        return find(incarnation).flatMap(room -> room.ifLiving(time, step));
    }

    /** The settings of a store. Not thread-safe. */
    public static final class Builder {

        private static final int USUAL_MAX_ROOMS = 100_000;
        private static final int USUAL_SHARE_OF_HEAP = 4;

        private int maxRooms = USUAL_MAX_ROOMS;
        private long maxBytes = Runtime.getRuntime().maxMemory() / USUAL_SHARE_OF_HEAP;
        private LogLimits logLimits = LogLimits.DEFAULT;
        private InstantSource timeSource = monotonicTime(Instant.now(), System::nanoTime);

        private Builder() {}

        /** The wall clock's time once, and from then on what the monotonic clock adds to it. */
        static InstantSource monotonicTime(Instant start, LongSupplier nanoTime) {
            long startNanos = nanoTime.getAsLong();
            return () -> start.plusNanos(nanoTime.getAsLong() - startNanos);
        }

        /**
         * Sets how many rooms may live at once; one more is refused with {@link LimitExceededException}.
         *
         * @param max from 1; the default is 100,000
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxRooms(int max) {
            this.maxRooms = Setting.atLeast(1, "maxRooms", max);
            return this;
        }

        /**
         * Sets how much memory the rooms may take together; what goes over is refused with
         * {@link LimitExceededException}, and no room ends because of it. The store estimates what it takes, rather too high
         * than too low. Subscribers share the store's texts, but need memory beside it, so leave them at least as much.
         *
         * @param max bytes, from 1; the default is a quarter of the JVM's greatest heap
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxBytes(long max) {
            this.maxBytes = Setting.atLeast(1, "maxBytes", max);
            return this;
        }

        /**
         * Sets how much of each room's log is retained.
         *
         * @param limits the limits; the default is {@link LogLimits#DEFAULT}
         * @return this builder
         */
        public Builder logLimits(LogLimits limits) {
            this.logLimits = Objects.requireNonNull(limits, "logLimits");
            return this;
        }

        /**
         * Sets the time by which rooms end. By default the wall clock is read once, and from then on the time goes as
         * {@link System#nanoTime()} does: it never goes back, and setting the wall clock moves no deadline.
         *
         * @param source a time that never goes back; it is read to the millisecond
         * @return this builder
         */
        public Builder timeSource(InstantSource source) {
            this.timeSource = Objects.requireNonNull(source, "timeSource");
            return this;
        }

        /** {@return an empty store} */
        public MemoryRoomStore build() {
            return new MemoryRoomStore(this);
        }
    }
}
