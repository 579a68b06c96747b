package io.github.ephemeralchat.memory;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** How many rooms a store may hold, and which it holds. Exact under concurrency, and without a lock. */
final class RoomQuota {

    private final int max;
    private final AtomicInteger taken = new AtomicInteger();
    /** By deadline: the cache removes a room up to two seconds late, which must not refuse a new one. */
    private final NavigableSet<MemoryRoom> held = new ConcurrentSkipListSet<>(
            Comparator.comparing(MemoryRoom::expiresAt).thenComparingLong(MemoryRoom::number));

    RoomQuota(int max) {
        this.max = max;
    }

    boolean take(MemoryRoom room) {
        boolean free = taken.getAndUpdate(n -> Math.min(n + 1, max)) < max;
        if (free) {
            held.add(room);
        }
        return free;
    }

    /** Gives a place back; to be called once for each room that took one. */
    void release(MemoryRoom room) {
        held.remove(room);
        taken.decrementAndGet();
    }

    List<MemoryRoom> expired(Instant now) {
        return held.stream().takeWhile(room -> room.isExpired(now)).toList();
    }
}
