package io.github.ephemeralchat.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * Keeps rooms in the memory of this JVM: for one node, and for tests. Thread-safe; each room has a lock of its own, and
 * nothing is shared between two rooms but the map that they are in.
 *
 * <p>A room that is over is invisible at once, and its content is dropped within a few seconds, also where nobody calls
 * the store. A room that lives is never removed to make place for another: a store that is full refuses.
 *
 * <pre>{@code
 * MemoryRoomStore store = MemoryRoomStore.builder()
 *         .maxRooms(1_000)
 *         .logLimits(new LogLimits(500, 1 << 20)) // of each room: entries, bytes of text
 *         .build();
 * }</pre>
 */
public final class MemoryRoomStore implements RoomStore {

    private final InstantSource time;
    private final LogLimits limits;
    private final RoomQuota quota;
    private final Cache<RoomId, MemoryRoom> rooms;
    private final AtomicLong numbers = new AtomicLong();

    private MemoryRoomStore(Builder builder) {
        InstantSource source = builder.timeSource;
        time = () -> source.instant().truncatedTo(ChronoUnit.MILLIS);
        limits = builder.logLimits;
        quota = new RoomQuota(builder.maxRooms);
        DeadlineExpiry expiry = new DeadlineExpiry(time);
        rooms = Caffeine.newBuilder()
                .ticker(expiry)
                .expireAfter(expiry)
                // What the cache tidies is little and never blocks: to wake another thread for it costs more.
                .executor(Runnable::run)
                // Without it a store that nobody calls would keep its rooms.
                .scheduler(ExpiryTimer::schedule)
                .<RoomId, MemoryRoom>evictionListener((id, room, cause) -> {
                    if (room != null) {
                        end(room);
                    }
                })
                .build();
    }

    /**
     * Makes a store with the usual settings.
     *
     * @return an empty store
     */
    public static MemoryRoomStore create() {
        return builder().build();
    }

    /**
     * Begins a store with settings of one's own.
     *
     * @return a builder that holds the usual settings
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public boolean create(Room room, Identity owner, TokenHash token) {
        Objects.requireNonNull(token);
        RoomContent content = new RoomContent(room, limits);
        MemoryRoom fresh = new MemoryRoom(room, numbers.incrementAndGet(), content, time);
        MemoryRoom inPlace = rooms.asMap().compute(room.id(), (id, present) -> {
            if (present != null && present.isLiving()) {
                return present;
            }
            Instant now = now();
            if (fresh.isExpired(now)) {
                return null;
            }
            content.join(owner, token, now);
            reserve(fresh);
            return fresh;
        });
        return inPlace == fresh;
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return in(id, (room, now) -> room.state());
    }

    @Override
    public Optional<Seat> authenticate(RoomId id, TokenHash token) {
        return in(id, (room, now) -> room.seat(token)).flatMap(seat -> seat);
    }

    @Override
    public Joined join(RoomId id, Identity identity, TokenHash token) {
        Objects.requireNonNull(token);
        return in(id, (room, now) -> room.join(identity, token, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public Optional<Appended> leave(RoomIncarnation room, String identityId) {
        return in(room, (content, now) -> content.leave(identityId, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public Appended append(RoomId id, TokenHash token, Draft draft) {
        return in(id, (room, now) -> room.append(token, draft, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has at least one entry");
        }
        return in(room, (content, now) -> content.page(after, limit)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public boolean destroy(RoomIncarnation key) {
        return room(key).map(this::destroy).orElse(false);
    }

    private boolean destroy(MemoryRoom room) {
        boolean lived = room.isLiving();
        boolean first = end(room);
        rooms.asMap().remove(room.room().id(), room);
        return lived && first;
    }

    private Optional<MemoryRoom> room(RoomIncarnation key) {
        return Optional.ofNullable(rooms.getIfPresent(key.id()))
                .filter(room -> room.room().incarnation().equals(key));
    }

    private <T> Optional<T> in(RoomId id, BiFunction<RoomContent, Instant, T> step) {
        return Optional.ofNullable(rooms.getIfPresent(id)).flatMap(room -> room.ifLiving(step));
    }

    private <T> Optional<T> in(RoomIncarnation key, BiFunction<RoomContent, Instant, T> step) {
        return room(key).flatMap(room -> room.ifLiving(step));
    }

    private void reserve(MemoryRoom room) {
        if (quota.take(room)) {
            return;
        }
        quota.expired(now()).forEach(this::end);
        if (!quota.take(room)) {
            throw new LimitExceededException("the store keeps no more rooms");
        }
    }

    /** Drops a room's content and gives its place back, once. True for the one call that did. */
    private boolean end(MemoryRoom room) {
        boolean first = room.end();
        if (first) {
            quota.release(room);
        }
        return first;
    }

    /** The settings of a store. Not thread-safe. */
    public static final class Builder {

        private static final int USUAL_MAX_ROOMS = 100_000;

        private int maxRooms = USUAL_MAX_ROOMS;
        private LogLimits logLimits = LogLimits.DEFAULT;
        private InstantSource timeSource = MonotonicClock.fromNow();

        private Builder() {}

        /**
         * Sets how many rooms may live at once; one more is refused with {@link LimitExceededException}.
         *
         * @param max from 1; 100,000 where it is not set
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxRooms(int max) {
            if (max < 1) {
                throw new IllegalArgumentException("a store keeps at least one room");
            }
            this.maxRooms = max;
            return this;
        }

        /**
         * Sets how much of each room's log is kept.
         *
         * @param limits the limits; {@link LogLimits#DEFAULT} where they are not set
         * @return this builder
         */
        public Builder logLimits(LogLimits limits) {
            this.logLimits = limits;
            return this;
        }

        /**
         * Sets the time by which rooms end. Where it is not set, the wall clock is read once, and from then on the time
         * goes as {@link System#nanoTime()} does: it never goes back, and who sets the wall clock moves no deadline.
         *
         * @param source a time that never goes back; it is read to the millisecond
         * @return this builder
         */
        public Builder timeSource(InstantSource source) {
            this.timeSource = source;
            return this;
        }

        /**
         * Makes the store.
         *
         * @return an empty store
         */
        public MemoryRoomStore build() {
            return new MemoryRoomStore(this);
        }
    }
}
