package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.ParticipantLeft;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cursor into a feed's log. The cursor is also the state: a node while the subscription reads, {@link #LAGGING} once
 * it has no place in the log any more, {@link #ENDED} once no poll will return anything.
 */
final class FeedSubscription implements Subscription {

    /** How far a cursor may lag before it is reset: this bounds what it keeps in memory. */
    static final long MAX_LAG_ENTRIES = 20_000;

    private static final long MAX_LAG_BYTES = 16L << 20;

    private static final Logger log = LoggerFactory.getLogger(FeedSubscription.class);

    private static final FeedNode LAGGING = FeedNode.place(EntryId.START);
    private static final FeedNode ENDED = FeedNode.place(EntryId.START);

    private static final AtomicReferenceFieldUpdater<FeedSubscription, FeedNode> CURSOR =
            AtomicReferenceFieldUpdater.newUpdater(FeedSubscription.class, FeedNode.class, "cursor");

    private final RoomFeed feed;
    private final Telemetry telemetry;
    private final @Nullable Member member;
    private final Runnable wakeUp;
    /** Null for a listener of the host's. */
    private final @Nullable BesideLog besideLog;
    /** The last node consumed. Moved by the polling thread; set to a state by any other. */
    private volatile FeedNode cursor = ENDED;

    private EntryId startedAfter = EntryId.START;
    /** Set before the subscription is shared, consumed by the first poll. */
    private @Nullable HistoryReset firstReset;
    /** When the host last said that its participant is welcome, by the engine's time; written by the welcome checks. */
    volatile long welcomeAsOf;

    /** The sequence of the entry that took this member's seat away, or 0; written under the feed's lock. */
    private volatile long leftAt;

    FeedSubscription(RoomFeed feed, Telemetry telemetry, @Nullable Member member, Runnable wakeUp, long welcomeAsOf) {
        this.feed = feed;
        this.telemetry = telemetry;
        this.member = member;
        this.wakeUp = wakeUp;
        this.besideLog =
                member == null ? null : new BesideLog(feed, member.identity().id());
        this.welcomeAsOf = welcomeAsOf;
    }

    // ---- By the feed ----

    /** Called under the feed's lock, before anybody else sees this. */
    void startAfter(FeedNode node, @Nullable ResetReason reason) {
        startedAfter = node.id;
        firstReset = reason == null ? null : new HistoryReset(reason, firstSequenceAfter(node));
        cursor = node;
    }

    private static long firstSequenceAfter(FeedNode node) {
        FeedNode next = node.next;
        return next == null || next.sequence() == node.sequence() ? node.sequence() + 1 : next.sequence();
    }

    /** Called under the feed's lock when a seat is freed. */
    void seatFreed(ParticipantLeft left) {
        if (isEndedBy(left)) {
            leftAt = left.entryId().sequence();
        }
    }

    /** Whether the log says, as far as this node has it, that the seat was freed. */
    boolean hasLostItsSeat() {
        return leftAt > 0;
    }

    /** Whether an event frees the seat in whose name this listens. */
    boolean isEndedBy(RoomEvent event) {
        return member != null
                && event instanceof ParticipantLeft left
                && left.identity().id().equals(member.identity().id())
                && left.entryId().sequence() > member.joinedSequence();
    }

    /** Whether the member in whose name this listens, if any, still has the seat that it had. */
    boolean isSeated(List<Member> members) {
        Member mine = member;
        return mine == null
                || members.stream()
                        .anyMatch(other -> other.joinedSequence() == mine.joinedSequence()
                                && other.identity().id().equals(mine.identity().id()));
    }

    /** The last node consumed; one with nothing after it if this has no place in the log. */
    FeedNode place() {
        return cursor;
    }

    /** Gives the place in the log up if it is too far behind the log's end. */
    void boundLag(FeedNode last) {
        FeedNode at = cursor;
        FeedNode next = at.next;
        // Counted from the next entry: between it and the cursor's own place a trimmed log has nothing.
        if (next != null
                && (last.sequence() - next.sequence() >= MAX_LAG_ENTRIES
                        || last.textBytes - at.textBytes > MAX_LAG_BYTES)) {
            CURSOR.compareAndSet(this, at, LAGGING);
        }
    }

    /** Gives the place in the log up; the subscriber learns of the end at the next poll. */
    void releaseLog() {
        FeedNode at = cursor;
        while (at != ENDED && !CURSOR.compareAndSet(this, at, LAGGING)) {
            at = cursor;
        }
    }

    void wakeUp() {
        FeedNode at = cursor;
        boolean nothingNew = at != LAGGING
                && at.next == null
                && feed.state.end() == null
                && (besideLog == null || !besideLog.hasNews());
        if (at != ENDED && !nothingNew) {
            callWakeUp();
        }
    }

    private void callWakeUp() {
        try {
            wakeUp.run();
        } catch (Throwable e) {
            // Whatever it is, the others have to be woken up.
            log.warn("A subscriber's wake-up failed", Failures.withoutMessages(e));
        }
    }

    /** Ends without an event, because the service closes or the seat is gone, and wakes the subscriber up to see it. */
    void cancel() {
        close();
        callWakeUp();
    }

    /** {@return how many entries of the log were not taken yet} */
    long lag() {
        FeedNode at = cursor;
        FeedNode next = at.next;
        FeedNode last = feed.state.newest();
        if (at == LAGGING) {
            return MAX_LAG_ENTRIES;
        }
        // Never negative: a history that begins anew may begin below the place of a cursor before it.
        return next == null || last == null ? 0 : Math.max(0, last.sequence() - next.sequence() + 1);
    }

    // ---- By the subscriber ----

    @Override
    public List<SharedEvent> poll(int max) {
        List<SharedEvent> taken = take(max);
        if (!taken.isEmpty()) {
            telemetry.delivered(taken);
        }
        return taken;
    }

    @Override
    public List<SharedEvent> pollBesideLog() {
        if (besideLog == null || cursor == ENDED) {
            return List.of();
        }
        List<SharedEvent> taken = besideLog.take();
        if (!taken.isEmpty()) {
            telemetry.delivered(taken);
        }
        return taken;
    }

    private List<SharedEvent> take(int max) {
        FeedNode at = cursor;
        if (at == ENDED) {
            return List.of();
        }
        SharedEvent end = feed.state.end();
        if (end != null) {
            close();
            return List.of(end);
        }
        List<SharedEvent> events = new ArrayList<>();
        if (at == LAGGING) {
            at = restart(events);
        } else if (firstReset != null) {
            events.add(new EncodedOnce(firstReset));
            firstReset = null;
        }
        return at == ENDED ? events : advance(at, max, events);
    }

    /** Finds a place for a cursor that has none, and tells the subscriber of it; ENDED if there is none. */
    private FeedNode restart(List<SharedEvent> events) {
        FeedLog log = feed.state.entries();
        if (log == null || leftAt > 0) {
            SharedEvent end = feed.state.end();
            if (end != null) {
                events.add(end);
            }
            close();
            return ENDED;
        }
        FeedNode recent = log.recent();
        firstReset = null;
        events.add(new EncodedOnce(new HistoryReset(ResetReason.TRUNCATED, firstSequenceAfter(recent))));
        CURSOR.compareAndSet(this, LAGGING, recent);
        if (feed.state.end() != null) {
            releaseLog(); // It ended meanwhile: nothing of it may be kept.
        }
        return recent;
    }

    private List<SharedEvent> advance(FeedNode from, int max, List<SharedEvent> events) {
        FeedNode at = from;
        boolean left = false;
        for (FeedNode next = at.next; next != null && events.size() < max && !left; next = at.next) {
            at = next;
            if (at.bodyEndsAt != null) {
                at.endBody(feed.now()); // The feed drops it a moment later.
            }
            SharedEvent event = at.event;
            if (event != null) {
                events.add(event);
                left = at.sequence() == leftAt && event.event() instanceof ParticipantLeft;
            }
        }
        // Fails if another thread has set a state, which then counts from the next poll on.
        CURSOR.compareAndSet(this, from, at);
        if (left) {
            close();
        }
        return events;
    }

    @Override
    public Room room() {
        return feed.room;
    }

    @Override
    public Instant expiresAt() {
        return feed.state.expiresAt();
    }

    @Override
    public @Nullable Identity identity() {
        return member == null ? null : member.identity();
    }

    @Override
    public EntryId startedAfter() {
        return startedAfter;
    }

    @Override
    public boolean hasRoomEnded() {
        return feed.state.end() != null;
    }

    @Override
    public boolean isEnded() {
        return cursor == ENDED;
    }

    @Override
    public void close() {
        close(RoomPresence.STAYS);
    }

    @Override
    public void closeUntilNextPoll() {
        close(RoomPresence.STAYS_AFTER_POLL);
    }

    private void close(Duration stays) {
        cursor = ENDED;
        feed.remove(this, stays);
    }
}
