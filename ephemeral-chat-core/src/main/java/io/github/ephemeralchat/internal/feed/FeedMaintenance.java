package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends feeds at their deadline and bodies at theirs, and compares each with the store now and then. Thread-safe, but for {@link #tick}.
 *
 * <p>Deadlines are judged on the ticker's thread, which asks the store for nothing but its time: they hold while the
 * store is silent. Checks run on other threads. Of the feeds for which the store cannot be reached one more is tried each second, and all
 * as soon as one is answered; the others go on, since a store may have parts that fail alone.
 */
final class FeedMaintenance {

    private static final Logger log = LoggerFactory.getLogger(FeedMaintenance.class);
    private static final long LATER_NANOS = Duration.ofMillis(500).toNanos();
    private static final long CHECK_AFTER_NANOS = Duration.ofSeconds(15).toNanos();

    private final RoomStore store;
    private final LongSupplier nanoTime;
    private final ExecutorService executor;

    private final Set<RoomFeed> byDeadline =
            new ConcurrentSkipListSet<>(Comparator.comparing((RoomFeed feed) -> feed.scheduledEnd)
                    .thenComparing(feed -> feed.room.id().value())
                    .thenComparing(feed -> feed.room.incarnation().number())
                    .thenComparing(System::identityHashCode));
    /** Feeds that got an entry before its predecessor: if that has not come by the next tick, the store is read. */
    private final Set<RoomFeed> gaps = ConcurrentHashMap.newKeySet();

    /** Feeds whose deadline was moved since the last tick. */
    private final Set<RoomFeed> moved = ConcurrentHashMap.newKeySet();

    /** Feeds with bodies that end before the room. */
    private final Set<RoomFeed> withEnds = ConcurrentHashMap.newKeySet();

    private final UnansweredFeeds unanswered = new UnansweredFeeds();

    /** Feeds some of whose bodies are gone, and may still be in the store. */
    private final LaterChecks gone;

    /** Rooms that have ended here and are still to be cleared from the store, about in the order of their deadlines. */
    private final Queue<Room> expired = new ConcurrentLinkedQueue<>();

    // The last answer of the store's clock, and when it came; touched by the ticker only.
    private Instant lastKnown = Instant.EPOCH;
    private long lastKnownAt;

    private volatile @Nullable Ticker ticker;

    FeedMaintenance(RoomStore store, LongSupplier nanoTime, ExecutorService executor) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.executor = executor;
        this.gone = new LaterChecks(nanoTime);
        this.lastKnownAt = nanoTime.getAsLong();
    }

    void start(Duration period) {
        ticker = Ticker.start("ephemeral-chat-maintenance", period, this::tick);
    }

    void add(RoomFeed feed) {
        feed.checkSchedule.firstDueAt(nextCheck());
        feed.scheduledEnd = feed.state.expiresAt();
        byDeadline.add(feed);
        if (!feed.scheduledEnd.equals(feed.state.expiresAt())) {
            deadlineMoved(feed); // While it was being added.
        }
    }

    void forget(RoomFeed feed) {
        byDeadline.remove(feed);
        gaps.remove(feed);
        moved.remove(feed);
        withEnds.remove(feed);
        unanswered.remove(feed);
        gone.forget(feed);
    }

    /** Has the next tick look when the feed ends. */
    void deadlineMoved(RoomFeed feed) {
        moved.add(feed);
    }

    /** Has each tick look whether a body of the feed's ends. */
    void bodiesEnd(RoomFeed feed) {
        withEnds.add(feed);
    }

    /** Has the store look at the room once a body is gone by the store's time, which may be a while from now. */
    void bodyGoes(RoomFeed feed, Duration wait) {
        gone.add(feed, wait);
    }

    /** Schedules a read of the store for the next tick, unless the gap is closed by then. */
    void checkGap(RoomFeed feed) {
        gaps.add(feed);
    }

    /** Schedules a read of the store half a second from now, which is returned. */
    Deadline checkLater(RoomFeed feed) {
        Deadline later = new Deadline(nanoTime, LATER_NANOS);
        feed.checkSchedule.dueAt(nanoTime.getAsLong() + LATER_NANOS);
        return later;
    }

    /** Schedules a read of the store for the next free thread. */
    void checkSoon(RoomFeed feed) {
        if (feed.checkSchedule.enqueue()) {
            try {
                execute(() -> check(feed));
            } catch (Error e) { // Such as no thread to be had: a later tick tries again.
                feed.checkSchedule.begin();
                feed.checkSchedule.dueAt(nanoTime.getAsLong());
                throw e;
            }
        }
    }

    // ---- On the ticker's thread ----

    void tick() {
        Instant now = now();
        scheduleMoved();
        endThosePastDeadline(now);
        clearThosePastTolerance(now);
        endBodies(now);
        closeGaps();
        gone.takeDue(feed -> {
            if (!unanswered.contains(feed)) {
                checkSoon(feed);
            }
        });
        long nanos = nanoTime.getAsLong();
        RoomFeed again = unanswered.next(nanos);
        if (again != null) {
            checkSoon(again);
        }
        for (RoomFeed feed : byDeadline) {
            if (feed.checkSchedule.isDue(nanos)) {
                feed.checkSchedule.dueAt(nextCheck());
                feed.shrink();
                checkSoon(feed);
            }
        }
    }

    /**
     * Takes each feed out before it is looked at: whatever changes meanwhile adds it again, for the next tick. They are copied,
     * since an iterator may meet again, without end, what is added while it goes on. If one fails, the others after it are still
     * there for the next tick.
     */
    private static void takeEach(Set<RoomFeed> feeds, Consumer<RoomFeed> look) {
        for (RoomFeed feed : List.copyOf(feeds)) {
            feeds.remove(feed);
            look.accept(feed);
        }
    }

    private void endBodies(Instant now) {
        takeEach(withEnds, feed -> {
            if (feed.endBodies(now)) {
                withEnds.add(feed);
            }
        });
    }

    private void closeGaps() {
        takeEach(gaps, feed -> {
            if (feed.state.hasGap()) {
                checkSoon(feed);
            }
        });
    }

    /** The store's time, or what it must be by now if the store does not answer. */
    private Instant now() {
        long nanos = nanoTime.getAsLong();
        try {
            lastKnown = store.now();
            lastKnownAt = nanos;
        } catch (ChatUnavailableException e) {
            log.debug("The store's time is not known");
        }
        return lastKnown.plusNanos(nanos - lastKnownAt);
    }

    private void scheduleMoved() {
        takeEach(moved, feed -> {
            if (byDeadline.remove(feed)) {
                feed.scheduledEnd = feed.state.expiresAt();
                byDeadline.add(feed);
            }
            if (feed.state.isEnded()) {
                byDeadline.remove(feed); // It ended while it was out.
            }
        });
    }

    private void endThosePastDeadline(Instant now) {
        for (RoomFeed feed : byDeadline) {
            if (feed.scheduledEnd.isAfter(now)) {
                return;
            }
            Instant end = feed.state.expiresAt();
            if (!end.isAfter(now)) {
                feed.end(EndReason.EXPIRED);
                expired.add(feed.room.withExpiresAt(end));
            }
        }
    }

    /** Not before the deadline has passed on every node: this node's idea of the store's time may be ahead. */
    private void clearThosePastTolerance(Instant now) {
        for (Room room = expired.peek();
                room != null
                        && room.expiresAt().plus(FeedReader.CLOCK_TOLERANCE).isBefore(now);
                room = expired.peek()) {
            expired.remove();
            Room over = room;
            execute(() -> clear(over));
        }
    }

    private long nextCheck() {
        return nanoTime.getAsLong()
                + CHECK_AFTER_NANOS
                + ThreadLocalRandom.current().nextLong(CHECK_AFTER_NANOS);
    }

    // ---- What asks the store ----

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("A check was not made: the service is closed");
        }
    }

    private void check(RoomFeed feed) {
        feed.checkSchedule.begin();
        if (!ask(feed.reader::check)) {
            addUnanswered(feed);
        } else if (unanswered.remove(feed)) {
            long now = nanoTime.getAsLong();
            unanswered.takeAll().forEach(other -> other.checkSchedule.dueAt(now));
        }
    }

    /** A look is enough: the store clears what has ended by its own time. Not tried again: rooms end by themselves. */
    private void clear(Room room) {
        ask(() -> store.find(room.id()));
    }

    /** Returns false if the store could not be reached. */
    private boolean ask(Runnable question) {
        try {
            question.run();
        } catch (ChatUnavailableException e) {
            return false;
        } catch (EphemeralChatException e) {
            log.debug("The store refused a check", Failures.withoutMessages(e)); // That says nothing of other rooms.
        } catch (RuntimeException e) {
            log.warn("A check failed", Failures.withoutMessages(e));
        }
        return true;
    }

    private void addUnanswered(RoomFeed feed) {
        if (unanswered.add(feed, nanoTime.getAsLong())) {
            log.warn("The store cannot be reached; positions are checked again when it answers");
        }
        if (feed.state.isEnded()) {
            unanswered.remove(feed); // It ended before it was added.
        }
    }

    void close() {
        Ticker running = ticker;
        if (running != null) {
            running.close();
        }
        expired.clear();
    }
}
