package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends feeds at their deadline and checks positions now and then.
 *
 * <p>Deadlines are on a thread that never asks the store for more than its time, so that they hold while the store is
 * silent. Checks and clean-up have a few threads of their own; one time-out pauses them all until the store answers.
 */
final class FeedMaintenance {

    private static final Logger log = LoggerFactory.getLogger(FeedMaintenance.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);
    private static final long CHECK_AFTER_MILLIS = 15_000;
    private static final long CHECK_JITTER_MILLIS = 15_000;
    private static final int WORKERS = 2;

    private final RoomStore store;
    private final Set<RoomFeed> byDeadline = new ConcurrentSkipListSet<>(
            Comparator.comparing((RoomFeed feed) -> feed.room().expiresAt())
                    .thenComparing(feed -> feed.room().id().value())
                    .thenComparing(feed -> feed.room().incarnation().number())
                    .thenComparing(System::identityHashCode));
    /** Feeds to check and rooms to clear: sets, so each is bounded by the feeds of this node. */
    private final Set<RoomFeed> toCheck = ConcurrentHashMap.newKeySet();

    /** Feeds that got an entry before its predecessor: if that has not come by the next tick, it is asked for. */
    private final Set<RoomFeed> gaps = ConcurrentHashMap.newKeySet();

    /** Rooms that have ended here and wait to be cleared from the store, about in the order of their deadlines. */
    private final Queue<Room> expired = new ConcurrentLinkedQueue<>();

    private final Set<RoomIncarnation> toClear = ConcurrentHashMap.newKeySet();
    private final AtomicInteger workers = new AtomicInteger();
    /** The ticker's own: the last answer of the store's clock, and when it came. */
    private Instant lastKnown = Instant.EPOCH;

    private long lastKnownAt = System.nanoTime();
    private final ExecutorService pool = DaemonThreads.pool("ephemeral-chat-upkeep", WORKERS);
    private final Thread ticker;
    private volatile long pausedUntil = System.nanoTime();
    private volatile boolean unavailable;
    private volatile boolean closed;

    FeedMaintenance(RoomStore store) {
        this.store = store;
        ticker = DaemonThreads.factory("ephemeral-chat-deadlines").newThread(this::tickUntilClosed);
        ticker.start();
    }

    void add(RoomFeed feed) {
        feed.nextCheck = nextCheck();
        byDeadline.add(feed);
    }

    void forget(RoomFeed feed) {
        byDeadline.remove(feed);
        toCheck.remove(feed);
        gaps.remove(feed);
    }

    void checkSoon(RoomFeed feed) {
        toCheck.add(feed);
        work();
    }

    void checkGap(RoomFeed feed) {
        gaps.add(feed);
    }

    /** A moment later than soon. */
    void checkAgain(RoomFeed feed) {
        feed.nextCheck = System.nanoTime() + AGAIN_AFTER.toNanos();
    }

    private void checkGaps() {
        for (Iterator<RoomFeed> all = gaps.iterator(); all.hasNext(); ) {
            RoomFeed feed = all.next();
            all.remove();
            if (feed.hasGap()) {
                toCheck.add(feed);
            }
        }
    }

    private void tickUntilClosed() {
        while (!closed) {
            try {
                Thread.sleep(TICK.toMillis());
                tick();
            } catch (InterruptedException e) {
                return; // Only close() interrupts.
            } catch (Throwable e) {
                // Without this thread no room would end here: nothing may stop it.
                log.warn("A tick failed with {}", e.getClass().getName());
            }
        }
    }

    private void tick() {
        Instant now = now();
        endThosePastDeadline(now);
        clearThosePastTolerance(now);
        checkGaps();
        long nanos = System.nanoTime();
        for (RoomFeed feed : byDeadline) {
            if (nanos - feed.nextCheck >= 0) {
                feed.nextCheck = nextCheck();
                feed.shrink();
                toCheck.add(feed);
            }
        }
        work();
    }

    /** The store's time, or what it must be by now where the store does not answer. */
    private Instant now() {
        long nanos = System.nanoTime();
        try {
            lastKnown = store.now();
            lastKnownAt = nanos;
        } catch (ChatUnavailableException e) {
            log.debug("The store's time is not known");
        }
        return lastKnown.plusNanos(nanos - lastKnownAt);
    }

    private void endThosePastDeadline(Instant now) {
        for (RoomFeed feed : byDeadline) {
            if (feed.room().expiresAt().isAfter(now)) {
                return;
            }
            feed.end(EndReason.EXPIRED);
            expired.add(feed.room());
        }
    }

    /** Not before the deadline has passed on any node: this node's idea of the store's time may be ahead. */
    private void clearThosePastTolerance(Instant now) {
        Room room = expired.peek();
        while (room != null && room.expiresAt().plus(FeedCheck.CLOCK_TOLERANCE).isBefore(now)) {
            toClear.add(room.incarnation());
            expired.remove();
            room = expired.peek();
        }
    }

    private static long nextCheck() {
        long millis = CHECK_AFTER_MILLIS + ThreadLocalRandom.current().nextLong(CHECK_JITTER_MILLIS);
        return System.nanoTime() + Duration.ofMillis(millis).toNanos();
    }

    // ---- What asks the store ----

    private boolean isIdle() {
        return toCheck.isEmpty() && toClear.isEmpty();
    }

    private boolean isPaused() {
        return System.nanoTime() - pausedUntil < 0;
    }

    /** Starts a worker where there is work and a place for one. */
    private void work() {
        if (closed || isIdle() || isPaused()) {
            return;
        }
        if (workers.incrementAndGet() > WORKERS) {
            workers.decrementAndGet();
            return;
        }
        try {
            pool.execute(this::workUntilIdle);
        } catch (RejectedExecutionException e) {
            workers.decrementAndGet();
        }
    }

    private void workUntilIdle() {
        try {
            while (!closed && !isPaused() && !isIdle()) {
                takeOne();
            }
        } finally {
            workers.decrementAndGet();
        }
        work(); // What came between the last look and the decrement.
    }

    private void takeOne() {
        RoomFeed feed = takeFrom(toCheck);
        RoomIncarnation room = feed == null ? takeFrom(toClear) : null;
        try {
            if (feed != null) {
                feed.check();
            } else if (room != null) {
                store.destroy(room);
            }
            unavailable = false;
        } catch (ChatUnavailableException e) {
            pause(feed);
        } catch (EphemeralChatException e) {
            log.debug("The store refused a position check"); // It says nothing about the other rooms.
        } catch (RuntimeException e) {
            log.warn("A position check failed with {}", e.getClass().getName());
        }
    }

    /** What was to be cleared is not tried again: it carries its own expiry. */
    private void pause(@Nullable RoomFeed feed) {
        pausedUntil = System.nanoTime() + PAUSE.toNanos();
        if (feed != null && !feed.isRetired()) {
            toCheck.add(feed);
        }
        if (!unavailable) {
            unavailable = true;
            log.warn("The store cannot be reached; positions are checked again when it answers");
        }
    }

    private static <T> @Nullable T takeFrom(Set<T> set) {
        for (Iterator<T> all = set.iterator(); all.hasNext(); ) {
            T one = all.next();
            if (set.remove(one)) {
                return one;
            }
        }
        return null;
    }

    void close() {
        closed = true;
        ticker.interrupt();
        pool.shutdownNow();
        byDeadline.clear();
        toCheck.clear();
        toClear.clear();
        gaps.clear();
        expired.clear();
    }
}
