package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.ParticipantLeft;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cursor into a feed's list. */
public final class FeedSubscription implements Subscription {

    private static final Logger log = LoggerFactory.getLogger(FeedSubscription.class);

    /** Where a cursor is that fell too far behind: what it pointed at may go. */
    private static final FeedNode LAGGING = FeedNode.place(EntryId.START, 0);
    /** Where a cursor is that is over. */
    private static final FeedNode OVER = FeedNode.place(EntryId.START, 0);

    private static final AtomicReferenceFieldUpdater<FeedSubscription, FeedNode> CURSOR =
            AtomicReferenceFieldUpdater.newUpdater(FeedSubscription.class, FeedNode.class, "cursor");

    private final RoomFeed feed;
    private final @Nullable Member seat;
    private final Runnable wakeUp;
    /** The last node consumed. Moved by the polling thread; set to a marker by any other. */
    private volatile FeedNode cursor = OVER;

    private EntryId startedAfter = EntryId.START;
    /** Set before the subscription is shared, consumed by the first poll. */
    private @Nullable HistoryReset firstReset;
    /** The sequence of the entry that took this participant's seat away, or 0; written under the feed's lock. */
    private volatile long leftAt;

    FeedSubscription(RoomFeed feed, @Nullable Member seat, Runnable wakeUp) {
        this.feed = feed;
        this.seat = seat;
        this.wakeUp = wakeUp;
    }

    /** Called under the feed's lock, before anybody else sees this. */
    void startAfter(FeedNode node, @Nullable ResetReason reason) {
        startedAfter = node.id;
        firstReset = reason == null ? null : new HistoryReset(reason, firstSequenceAfter(node));
        cursor = node;
    }

    private static long firstSequenceAfter(FeedNode node) {
        FeedNode next = node.next;
        return next == null ? node.sequence() + 1 : next.sequence();
    }

    /** Called under the feed's lock when somebody's seat is free again. */
    void seatFreed(ParticipantLeft left) {
        if (seat != null
                && seat.identity().id().equals(left.identity().id())
                && left.entryId().sequence() > seat.joinedSequence()) {
            leftAt = left.entryId().sequence();
        }
    }

    /** Whether the participant in whose name this listens, if any, still has the seat that it had. */
    boolean isSeated(Map<String, Long> joinedSequences) {
        return seat == null
                || Objects.equals(joinedSequences.get(seat.identity().id()), seat.joinedSequence());
    }

    /** Lets go of the list where the cursor is too far behind its end. */
    void boundLag(FeedNode last) {
        FeedNode at = cursor;
        FeedNode next = at.next;
        // Counted from the next entry: between it and the cursor's own place a trimmed log has nothing.
        if (next != null
                && (last.sequence() - next.sequence() >= RoomFeed.MAX_LAG_ENTRIES
                        || last.textBytes - at.textBytes > RoomFeed.MAX_LAG_BYTES)) {
            CURSOR.compareAndSet(this, at, LAGGING);
        }
    }

    /** How many entries there are that were not taken yet. */
    public long lag() {
        FeedNode at = cursor;
        FeedNode next = at.next;
        FeedNode last = feed.newest();
        if (at == LAGGING) {
            return RoomFeed.MAX_LAG_ENTRIES;
        }
        // Never negative: a history that begins anew may begin below the place of a cursor before it.
        return next == null || last == null ? 0 : Math.max(0, last.sequence() - next.sequence() + 1);
    }

    void wakeUp() {
        FeedNode at = cursor;
        if (at == OVER || (at != LAGGING && at.next == null && feed.end() == null)) {
            return;
        }
        run(wakeUp);
    }

    private static void run(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            // Whatever it is, the others have to be woken. Only the class: a message might quote what somebody wrote.
            log.warn("A subscriber's wake-up failed with {}", e.getClass().getName());
        }
    }

    @Override
    public List<SharedEvent> poll(int max) {
        List<SharedEvent> taken = take(max);
        if (!taken.isEmpty()) {
            feed.delivered(taken);
        }
        return taken;
    }

    private List<SharedEvent> take(int max) {
        FeedNode at = cursor;
        if (at == OVER) {
            return List.of();
        }
        SharedEvent end = feed.end();
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
        return at == OVER ? events : advance(at, max, events);
    }

    private FeedNode restart(List<SharedEvent> events) {
        FeedNode first = leftAt > 0 ? null : feed.recent();
        if (first == null) {
            SharedEvent end = feed.end();
            if (end != null) {
                events.add(end);
            }
            close();
            return OVER;
        }
        firstReset = null;
        events.add(new EncodedOnce(new HistoryReset(ResetReason.TRUNCATED, firstSequenceAfter(first))));
        CURSOR.compareAndSet(this, LAGGING, first);
        if (feed.end() != null) {
            releaseList(); // It ended meanwhile: nothing of it may be held on to.
        }
        return first;
    }

    private List<SharedEvent> advance(FeedNode from, int max, List<SharedEvent> events) {
        FeedNode at = from;
        boolean left = false;
        for (FeedNode next = at.next; next != null && events.size() < max && !left; next = at.next) {
            at = next;
            SharedEvent delivery = at.delivery;
            if (delivery != null) {
                events.add(delivery);
                left = at.sequence() == leftAt && delivery.event() instanceof ParticipantLeft;
            }
        }
        // Fails where a marker was set meanwhile, which then counts from the next poll on.
        CURSOR.compareAndSet(this, from, at);
        if (left) {
            close();
        }
        return events;
    }

    @Override
    public Room room() {
        return feed.room();
    }

    @Override
    public @Nullable Identity identity() {
        return seat == null ? null : seat.identity();
    }

    @Override
    public EntryId startedAfter() {
        return startedAfter;
    }

    @Override
    public boolean hasRoomEnded() {
        return feed.end() != null;
    }

    @Override
    public boolean isEnded() {
        return cursor == OVER;
    }

    /** Lets go of the list without a word to the subscriber, who hears of the end at the next poll. */
    void releaseList() {
        FeedNode at = cursor;
        while (at != OVER && !CURSOR.compareAndSet(this, at, LAGGING)) {
            at = cursor;
        }
    }

    @Override
    public void close() {
        cursor = OVER;
        feed.remove(this);
    }

    /** Ends without an event, because the service closes or the seat is gone, and wakes the subscriber to see it. */
    void cut() {
        close();
        run(wakeUp);
    }
}
