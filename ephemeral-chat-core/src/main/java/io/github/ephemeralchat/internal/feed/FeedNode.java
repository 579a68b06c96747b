package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.transport.SharedEvent;
import org.jspecify.annotations.Nullable;

/**
 * An entry in a feed's log. A cursor is a reference to the node that it has consumed: what nobody will read again is
 * garbage by itself, and what several will read exists once.
 */
final class FeedNode {

    final EntryId id;
    private final int size;

    /** Null if the node is only a place, or an entry of a kind that this version does not know. */
    volatile @Nullable SharedEvent event;
    /** The sum of sizes up to here, set before the node is shared: the difference of two nodes lies between them. */
    long textBytes;
    /** Null at the log's end. Written once, under the feed's lock or before the node is shared. */
    volatile @Nullable FeedNode next;

    private FeedNode(EntryId id, int size, @Nullable SharedEvent event) {
        this.id = id;
        this.size = size;
        this.event = event;
    }

    /** A place with nothing to deliver. */
    static FeedNode place(EntryId id) {
        return new FeedNode(id, 0, null);
    }

    static FeedNode of(LogEntry entry, @Nullable SharedEvent event) {
        return new FeedNode(entry.id(), entry.size(), event);
    }

    /** Tells subscribers that their history begins anew. */
    static FeedNode reset(ResetReason reason, long firstSequence) {
        return new FeedNode(EntryId.at(firstSequence - 1), 0, new EncodedOnce(new HistoryReset(reason, firstSequence)));
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

    /** Whether a subscriber that names this id is just after this node. */
    boolean isAt(EntryId wanted) {
        return id.sequence() == wanted.sequence() && (id.equals(wanted) || wanted.isUnverified());
    }
}
