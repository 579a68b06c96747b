package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.transport.SharedEvent;
import org.jspecify.annotations.Nullable;

/**
 * An entry in a feed's list. A cursor is a reference to the node it has consumed, so what nobody will read again is
 * garbage by itself, and what several will read is there once.
 */
final class FeedNode {

    final EntryId id;
    /** The sum of sizes up to here: the difference of two nodes is what lies between them. */
    final long textBytes;
    /** Null where the node is only a place (the feed began after it), or an entry of a kind this version does not know. */
    volatile @Nullable SharedEvent delivery;
    /** Null at the list's end; written once, under the feed's lock or before the node is shared. */
    volatile @Nullable FeedNode next;

    FeedNode(EntryId id, long textBytes, @Nullable SharedEvent delivery) {
        this.id = id;
        this.textBytes = textBytes;
        this.delivery = delivery;
    }

    /** A place with nothing to deliver. */
    static FeedNode place(EntryId id, long textBytes) {
        return new FeedNode(id, textBytes, null);
    }

    long sequence() {
        return id.sequence();
    }

    /** Whether a subscriber that names this id is just after this node. */
    boolean isAt(EntryId wanted) {
        return id.sequence() == wanted.sequence() && (id.equals(wanted) || wanted.isUnverified());
    }
}
