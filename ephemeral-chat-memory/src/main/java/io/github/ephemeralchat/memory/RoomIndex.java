package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.RoomId;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The rooms of a store, by code and by deadline, and never more than a given number. Looking one up takes no lock; the
 * index's monitor guards adding and removing, and no room's monitor is entered under it.
 *
 * <p>This is not a Caffeine cache: a full cache evicts a living entry, and one maintenance run removes at most 1,000
 * expired ones, which is too few if 20,000 rooms end together and nobody calls the store.
 */
final class RoomIndex {

    private final int maxRooms;
    private final InstantSource time;
    private final Map<RoomId, MemoryRoom> byCode = new ConcurrentHashMap<>();
    /** The same rooms. */
    private final NavigableSet<MemoryRoom> byDeadline =
            new TreeSet<>(Comparator.comparing((MemoryRoom room) -> room.indexedAt)
                    .thenComparing(room -> room.room().id().value()));

    RoomIndex(int maxRooms, InstantSource time) {
        this.maxRooms = maxRooms;
        this.time = time;
    }

    /**
     * Removes expired rooms, and bodies whose time is over, again and again, for as long as anybody else refers to the index. The JDK's own timer calls: a
     * thread of the library's would outlive the application that has dropped the store.
     */
    void removeExpiredEvery(Duration period) {
        Executor timer = CompletableFuture.delayedExecutor(period.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
        removeExpiredLater(new WeakReference<>(this), timer);
    }

    private static void removeExpiredLater(WeakReference<RoomIndex> reference, Executor timer) {
        timer.execute(() -> {
            RoomIndex index = reference.get();
            if (index != null) {
                removeExpiredLater(reference, timer); // First: there may be no thread for the rest this time.
                CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
                    index.removeExpired();
                    index.forgetDue();
                });
            }
        });
    }

    /** Finds a room, which may have expired. */
    Optional<MemoryRoom> find(RoomId id) {
        return Optional.ofNullable(byCode.get(id));
    }

    /** Adds a room unless a living one has its code. */
    boolean add(MemoryRoom room) {
        removeExpired();
        return addIfFree(room);
    }

    private synchronized boolean addIfFree(MemoryRoom room) {
        if (byCode.containsKey(room.room().id())) {
            return false;
        }
        if (byDeadline.size() >= maxRooms) {
            throw new LimitExceededException("the store keeps no more rooms");
        }
        byCode.put(room.room().id(), room);
        return byDeadline.add(room);
    }

    /** Removes and ends a room. */
    void remove(MemoryRoom room) {
        take(room);
        room.end();
    }

    /** Puts a room where its deadline says. */
    synchronized void deadlineMoved(MemoryRoom room) {
        if (byCode.get(room.room().id()) == room) {
            byDeadline.remove(room);
            room.indexedAt = room.room().expiresAt();
            byDeadline.add(room);
        }
    }

    private void removeExpired() {
        takeExpired(time.instant()).forEach(MemoryRoom::end);
    }

    /** Drops what has to be dropped of living rooms. */
    private void forgetDue() {
        Instant now = time.instant();
        byCode.values().forEach(room -> room.forgetDueSince(now));
    }

    private synchronized List<MemoryRoom> takeExpired(Instant now) {
        List<MemoryRoom> expired = new ArrayList<>();
        while (!byDeadline.isEmpty() && !now.isBefore(byDeadline.first().indexedAt)) {
            MemoryRoom room = byDeadline.first();
            if (room.isExpired(now)) {
                expired.add(room);
                take(room);
            } else {
                deadlineMoved(room); // The call that has moved it is about to do the same.
            }
        }
        return expired;
    }

    private synchronized boolean take(MemoryRoom room) {
        // The first says whether it is this room, and not a later one with the same code and deadline.
        return byCode.remove(room.room().id(), room) && byDeadline.remove(room);
    }
}
