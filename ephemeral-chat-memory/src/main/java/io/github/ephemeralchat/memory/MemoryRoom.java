package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.Room;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One life of a room. Whoever still holds it after its end holds nothing that somebody wrote: its content is dropped.
 */
final class MemoryRoom {

    private final Room room;
    private final long number;
    private final InstantSource time;
    private final ReentrantLock lock = new ReentrantLock();
    /** Null after the end. Written in the lock; what it holds is read and written in the lock only. */
    private volatile @Nullable RoomContent content;

    /**
     * Makes a room that is about to live.
     *
     * @param number tells it from all others of its store
     */
    MemoryRoom(Room room, long number, RoomContent content, InstantSource time) {
        this.room = room;
        this.number = number;
        this.content = content;
        this.time = time;
    }

    Room room() {
        return room;
    }

    Instant expiresAt() {
        return room.expiresAt();
    }

    long number() {
        return number;
    }

    boolean isLiving() {
        return content != null && !isExpired(time.instant());
    }

    boolean isExpired(Instant now) {
        return !now.isBefore(room.expiresAt());
    }

    /** Does one atomic step, or nothing where the room is over by then. */
    <T> Optional<T> ifLiving(BiFunction<RoomContent, Instant, T> step) {
        lock.lock();
        try {
            // In the lock: a step that had to wait for it must not run after the deadline.
            Instant now = time.instant();
            RoomContent living = content;
            return living == null || isExpired(now) ? Optional.empty() : Optional.of(step.apply(living, now));
        } finally {
            lock.unlock();
        }
    }

    /** Drops the content. True for the one call that did. */
    boolean end() {
        lock.lock();
        try {
            boolean first = content != null;
            content = null;
            return first;
        } finally {
            lock.unlock();
        }
    }
}
