package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EntryPosted;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.MessageExpired;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.NoticePosted;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An entry in a feed's log. A cursor is a reference to the node that it has consumed: what nobody will read again is
 * garbage by itself, and what several will read exists once.
 */
final class FeedNode {

    final EntryId id;
    private final int size;
    /** When the entry's body ends; null if it lives as long as the room, or is gone already. */
    final @Nullable Instant bodyEndsAt;

    /** Null if the node is only a place, or an entry of a kind that this version does not know. */
    volatile @Nullable SharedEvent event;
    /** The sum of sizes up to here, set before the node is shared: the difference of two nodes lies between them. */
    long textBytes;
    /** Null at the log's end. Written once, under the feed's lock or before the node is shared. */
    volatile @Nullable FeedNode next;

    private FeedNode(EntryId id, int size, @Nullable Instant bodyEndsAt, @Nullable SharedEvent event) {
        this.id = id;
        this.size = size;
        this.bodyEndsAt = bodyEndsAt;
        this.event = event;
    }

    /** A place with nothing to deliver. */
    static FeedNode place(EntryId id) {
        return new FeedNode(id, 0, null, null);
    }

    static FeedNode of(LogEntry entry, @Nullable SharedEvent event) {
        BodyLife life = entry.life();
        return new FeedNode(entry.id(), entry.size(), life.forgotten() == null ? life.expiresAt() : null, event);
    }

    /** Tells subscribers that their history begins anew. */
    static FeedNode reset(ResetReason reason, long firstSequence) {
        return unlogged(EntryId.at(firstSequence - 1), new HistoryReset(reason, firstSequence));
    }

    /** Tells subscribers that a message's time is over. Its place is that of the node before it. */
    static FeedNode expired(EntryId place, long messageSequence) {
        return unlogged(place, new MessageExpired(messageSequence));
    }

    private static FeedNode unlogged(EntryId place, RoomEvent event) {
        return new FeedNode(place, 0, null, new EncodedOnce(event));
    }

    void follow(FeedNode previous) {
        textBytes = previous.textBytes + size;
        previous.next = this;
    }

    void precede(FeedNode following) {
        textBytes = following.textBytes - following.size;
        next = following;
    }

    long sequence() {
        return id.sequence();
    }

    /** Whether this only tells subscribers something, and is no entry of the log. */
    boolean isUnlogged() {
        SharedEvent told = event;
        return told != null && !(told.event() instanceof RoomEvent.Logged);
    }

    /** Whether a subscriber that names this id is just after this node. */
    boolean isAt(EntryId wanted) {
        return id.sequence() == wanted.sequence() && (id.equals(wanted) || wanted.isUnverified());
    }

    /**
     * Changes the life of the body here; if it ends by that, nothing of it stays. Two threads that do so at once both leave no
     * body behind that one of them wants gone.
     */
    void changeLife(UnaryOperator<BodyLife> change) {
        SharedEvent shared = event;
        RoomEvent known = shared == null ? null : shared.event();
        RoomEvent changed = known == null ? null : changed(known, change);
        if (changed != null && !changed.equals(known)) {
            event = new EncodedOnce(changed);
        }
    }

    private RoomEvent changed(RoomEvent known, UnaryOperator<BodyLife> change) {
        if (known instanceof MessagePosted posted) {
            return new MessagePosted(
                    id, posted.message().withLife(change.apply(posted.message().life())));
        } else if (known instanceof NoticePosted notice) {
            return new NoticePosted(
                    id, notice.message().withLife(change.apply(notice.message().life())));
        } else if (known instanceof EntryPosted posted) {
            return new EntryPosted(
                    id, posted.entry().withLife(change.apply(posted.entry().life())));
        }
        return known;
    }

    /** Drops the body if its time is over. */
    void endBody(Instant now) {
        if (bodyEndsAt != null && !bodyEndsAt.isAfter(now)) {
            changeLife(life -> life.at(now));
        }
    }
}
