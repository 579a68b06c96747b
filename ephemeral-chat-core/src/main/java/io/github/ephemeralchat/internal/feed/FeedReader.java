package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads a room's log for its feed: what is new, what is older than the feed, and whether the room is still there. Blocks
 * on the store. Thread-safe.
 *
 * <p>Older entries are read by one thread at a time, for all that wait: a thousand streams that resume cost the store
 * what one does.
 */
final class FeedReader {

    /** How far a node's idea of the store's time may be off. */
    static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(1);

    /** The greatest number of entries of one read. */
    private static final int PAGE = 500;

    private static final int MAX_ATTEMPTS = 16;
    /** A store whose pages do not continue each other is asked again this often. */
    private static final int MAX_IDLE_READS = 3;

    private final RoomFeed feed;
    private final FeedRegistry registry;
    private final AtomicReference<@Nullable CompletableFuture<Void>> loading = new AtomicReference<>();

    /** How many calls on this node ask the store to destroy the room now. */
    private final AtomicInteger destroying = new AtomicInteger();
    /** Whether such a call has failed, so that only the store knows whether it was carried out. */
    private volatile boolean destroyFailed;
    /** Set by a check that found no room for no known reason: from then on the room counts as lost. */
    private volatile @Nullable Deadline lostFrom;

    FeedReader(RoomFeed feed, FeedRegistry registry) {
        this.feed = feed;
        this.registry = registry;
    }

    private LogPage page(EntryId after, int limit) {
        return registry.store.readAfter(feed.room.incarnation(), after, limit);
    }

    // ---- The first read ----

    /**
     * Reads the log from the first subscriber's place on, or from the head on if that place is far away.
     *
     * @param head the newest entry that the subscriber's request has seen
     */
    FeedLog read(EntryId head, Cursor cursor) {
        EntryId from = cursor instanceof Cursor.After after && isNear(after.entry(), head) ? after.entry() : head;
        LogPage page = page(from, PAGE);
        if (resetReason(page) != null && !from.equals(head)) {
            from = head;
            page = page(from, PAGE);
        }
        if (resetReason(page) == ResetReason.FORKED) {
            feed.seats.historyRestarted();
        }
        EntryId begin = resetReason(page) == null ? from : EntryId.at(page.firstSequence() - 1);
        FeedLog log = feed.state.newLog(FeedNode.place(begin));
        log.load(nodes(page));
        for (int read = 1; read < MAX_ATTEMPTS && !page.isLast(); read++) {
            page = page(log.last().id, PAGE);
            log.load(nodes(page));
        }
        if (!log.last().id.equals(page.head())) {
            feed.checkSoon(); // A start is bounded: a check reads the rest.
        }
        return log;
    }

    private static boolean isNear(EntryId place, EntryId head) {
        long distance = head.sequence() - place.sequence();
        return distance >= 0 && distance <= PAGE;
    }

    // ---- Position checks ----

    /** Links what the feed lacks, and ends it if the room is gone. */
    void check() {
        if (feed.state.newest() == null) {
            return; // A start reads by itself.
        }
        boolean asked = destroyFailed;
        try {
            readOn();
            feed.seats.checkAfterReset();
            lostFrom = null;
            if (asked) {
                destroyFailed = false; // That call was not carried out.
            }
        } catch (RoomNotFoundException e) {
            roomIsAbsent();
        } finally {
            feed.dispatcher.dispatchAsync();
        }
    }

    private void readOn() {
        int idle = 0;
        for (FeedNode at = feed.state.newest(); at != null; ) {
            LogPage page = page(at.id, PAGE);
            boolean again = feed.state.link(at, reset(page), nodes(page));
            if (!again && page.isLast()) {
                return;
            }
            FeedNode newest = feed.state.newest();
            idle = newest != null && newest.sequence() <= at.sequence() ? idle + 1 : 0;
            if (idle == MAX_IDLE_READS) {
                throw new EphemeralChatException("the store's pages do not continue each other");
            }
            at = newest;
        }
    }

    private static @Nullable FeedNode reset(LogPage page) {
        ResetReason reason = resetReason(page);
        return reason == null ? null : FeedNode.reset(reason, page.firstSequence());
    }

    private static @Nullable ResetReason resetReason(LogPage page) {
        return switch (page.continuity()) {
            case CONTINUOUS -> null;
            case TRUNCATED -> ResetReason.TRUNCATED;
            case FORKED -> ResetReason.FORKED;
        };
    }

    void destroyBegins() {
        destroying.incrementAndGet();
    }

    void destroyEnds(boolean known) {
        destroyFailed |= !known;
        destroying.decrementAndGet();
    }

    /** Whether a call on this node has asked the store to destroy the room, and got no answer. */
    boolean hasDestroyFailed() {
        return destroyFailed;
    }

    /**
     * Judges why the store has no such room. If nobody has said why, it is asked once more a moment later: a room is gone
     * from the store just before the signal goes out that says so.
     */
    private void roomIsAbsent() {
        if (!feed.now().isBefore(feed.state.expiresAt().minus(CLOCK_TOLERANCE))) {
            feed.end(EndReason.EXPIRED);
        } else if (destroying.get() > 0 || destroyFailed) {
            registry.endDestroyed(feed);
        } else {
            Deadline since = lostFrom;
            if (since != null && since.hasPassed()) {
                feed.end(EndReason.LOST);
                return;
            }
            // Also if this is asked too early: another thread may have set the time of the next check meanwhile.
            Deadline later = registry.maintenance.checkLater(feed);
            lostFrom = since == null ? later : since;
        }
    }

    // ---- Resuming ----

    /**
     * Adds a subscription to the feed after the wanted entry, or after a reset if that is not in the history.
     *
     * @return false if the feed has ended
     */
    boolean resume(FeedSubscription subscription, EntryId entry) {
        Deadline deadline = registry.deadline();
        EntryId wanted = entry;
        ResetReason reset = null;
        boolean checked = false;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; ) {
            FeedLog log = feed.state.entries();
            if (log == null || feed.state.addAfter(wanted, subscription, reset)) {
                return log != null;
            }
            if (wanted.sequence() > log.last().sequence() && !checked) {
                checked = true;
                check();
            } else {
                CompletableFuture<Void> mine = new CompletableFuture<>();
                if (!awaitOther(mine, deadline)) {
                    attempt++;
                    ResetReason broken = load(log, wanted, deadline, mine);
                    reset = broken == null ? reset : broken;
                    wanted = broken == null ? wanted : EntryId.START;
                }
            }
        }
        throw new ChatUnavailableException("the room's history changes faster than it can be read");
    }

    boolean isLoading() {
        return loading.get() != null;
    }

    /**
     * Waits if another thread loads: what it brings may do. That is no attempt, or of many who wait at once the last ones would
     * have none left.
     *
     * @return whether one did; if not, this one may
     */
    private boolean awaitOther(CompletableFuture<Void> mine, Deadline deadline) {
        CompletableFuture<Void> running = loading.compareAndExchange(null, mine);
        if (running == null) {
            return false;
        }
        deadline.await(running);
        deadline.check();
        return true;
    }

    /** Null if the feed may reach back to the wanted place now, so that it is worth looking again. */
    private @Nullable ResetReason load(FeedLog log, EntryId wanted, Deadline deadline, CompletableFuture<Void> mine) {
        try (HistoryBudget.Loan loan = registry.history.new Loan()) {
            return loadAlone(log, wanted, deadline, loan);
        } finally {
            loading.set(null);
            mine.complete(null);
        }
    }

    private @Nullable ResetReason loadAlone(FeedLog log, EntryId wanted, Deadline deadline, HistoryBudget.Loan loan) {
        FeedNode newest = log.last();
        FeedNode target = log.first();
        List<FeedNode> older = new ArrayList<>();
        EntryId at = wanted;
        LogPage page;
        do {
            deadline.check();
            page = page(at, (int) Math.max(1, Math.min(PAGE, target.sequence() - at.sequence())));
            loan.take(page);
            ResetReason broken = resetReason(page);
            if (broken != null && !at.equals(EntryId.START)) {
                return broken;
            }
            for (LogEntry entry : page.entries()) {
                if (entry.id().sequence() <= target.sequence()) {
                    at = entry.id();
                    add(entry, target, older);
                }
            }
        } while (!page.isLast() && page.firstSequence() <= target.sequence() && at.sequence() < target.sequence());
        if (wanted.sequence() > target.sequence() || isFork(at, target.id)) {
            check(); // The feed itself is in another history, or reaches back further by now.
        } else {
            feed.state.prepend(log, FeedLog.chain(wanted, older, target), newest, loan);
        }
        return null;
    }

    private static boolean isFork(EntryId read, EntryId known) {
        return read.sequence() == known.sequence() && !read.equals(known) && !known.isUnverified();
    }

    private void add(LogEntry entry, FeedNode target, List<FeedNode> older) {
        if (isKnown(entry, target)) {
            return;
        }
        // Also before a place of the same id: what a place gets has no end, and subscribers keep it.
        older.add(registry.node(entry, null));
    }

    /** Whether the log has the entry itself: it knows better than a page that may be older. */
    private static boolean isKnown(LogEntry entry, FeedNode target) {
        return entry.id().equals(target.id) && target.event != null && !target.isUnlogged();
    }

    private List<FeedNode> nodes(LogPage page) {
        return page.entries().stream().map(entry -> registry.node(entry, null)).toList();
    }
}
