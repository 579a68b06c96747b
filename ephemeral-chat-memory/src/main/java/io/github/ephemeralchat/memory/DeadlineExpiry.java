package io.github.ephemeralchat.memory;

import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Tells the cache each room's deadline, and the time in the same measure: nanoseconds since the store began. */
final class DeadlineExpiry implements Expiry<RoomId, MemoryRoom>, Ticker {

    /** What counts as never: a later deadline would not fit into a number of nanoseconds. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final InstantSource time;
    private final Instant origin;

    DeadlineExpiry(InstantSource time) {
        this.time = time;
        this.origin = time.instant();
    }

    @Override
    public long read() {
        return nanos(time.instant());
    }

    @Override
    public long expireAfterCreate(RoomId id, MemoryRoom room, long currentTime) {
        return Math.max(1, nanos(room.expiresAt()) - currentTime);
    }

    @Override
    public long expireAfterUpdate(RoomId id, MemoryRoom room, long currentTime, long currentDuration) {
        return expireAfterCreate(id, room, currentTime);
    }

    @Override
    public long expireAfterRead(RoomId id, MemoryRoom room, long currentTime, long currentDuration) {
        return currentDuration;
    }

    private long nanos(Instant instant) {
        Duration since = Duration.between(origin, instant);
        return since.compareTo(NEVER) < 0 ? since.toNanos() : NEVER.toNanos();
    }
}
