package io.github.ephemeralchat;

import io.github.ephemeralchat.RoomEvent.HistoryReset;
import io.github.ephemeralchat.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.RoomSignal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of a room's log that a node has at hand: a linked list, of which the newest entries are held for those
 * who come back, and older ones only as long as a cursor points before them.
 *
 * <p>Guarded by its feed's lock, except for {@link #first} and {@link #last}, which may be read at any time.
 */
final class FeedList {

    /** What is held with no cursor behind: enough for a page that reconnects. */
    private static final int WINDOW_ENTRIES = 256;

    private static final long WINDOW_BYTES = 256 << 10;

    private volatile FeedNode first;
    private volatile FeedNode last;
    private long keepEntries = WINDOW_ENTRIES;
    private long keepBytes = WINDOW_BYTES;

    FeedList(EntryId head) {
        first = FeedNode.place(head, 0);
        last = first;
    }

    FeedNode first() {
        return first;
    }

    FeedNode last() {
        return last;
    }

    /** Whether the signal's entry is at hand already, or is next; where neither is sure, the store has to be asked. */
    Fit fit(RoomSignal.EntryAppended signal) {
        if (signal.entry() != null && signal.previous().equals(last.id)) {
            return Fit.NEXT;
        }
        return find(signal.position()) != null ? Fit.KNOWN : Fit.UNSURE;
    }

    enum Fit {
        NEXT,
        KNOWN,
        UNSURE
    }

    void append(LogEntry entry, @Nullable Delivery delivery) {
        append(new FeedNode(entry.id(), last.textBytes + entry.size(), delivery));
        trim();
    }

    private void append(FeedNode node) {
        last.next = node;
        last = node;
    }

    /** What is at hand is not this history any more: all cursors hear so, then what the log keeps follows. */
    void restart(LogPage page) {
        ResetReason reason = page.continuity() == Continuity.FORKED ? ResetReason.FORKED : ResetReason.TRUNCATED;
        Delivery reset = new Delivery(new HistoryReset(reason, page.firstSequence()));
        append(new FeedNode(EntryId.at(page.firstSequence() - 1), last.textBytes, reset));
        first = last;
    }

    @Nullable
    FeedNode find(EntryId id) {
        if (id.sequence() > last.sequence() || id.sequence() < first.sequence()) {
            return null;
        }
        // The common question is about the newest entry: a node hears of its own posts twice.
        if (last.isAt(id)) {
            return last;
        }
        FeedNode node = first;
        while (node != null && !node.isAt(id)) {
            node = node.next;
        }
        return node;
    }

    /** Whether an entry with this sequence, whatever its nonce, is at hand. */
    boolean holdsSequence(long sequence) {
        return find(EntryId.at(sequence)) != null;
    }

    /**
     * Puts older entries before the list, for everybody who will ask for them until the next {@link #shrink}.
     *
     * @param place where they begin
     * @param older ascending; they end at the sequence of {@code target} or just before it
     * @param target the list's first node when they were read; nothing is done where another is first by now
     */
    void prepend(EntryId place, List<LogEntry> older, FeedNode target) {
        if (first != target) {
            return;
        }
        FeedNode node = target;
        long textBytes = target.textBytes;
        for (int i = older.size() - 1; i >= 0; i--) {
            LogEntry entry = older.get(i);
            if (entry.id().equals(target.id)) {
                target.delivery = EventCodec.delivery(entry);
            } else {
                FeedNode before = new FeedNode(entry.id(), textBytes, EventCodec.delivery(entry));
                before.next = node;
                node = before;
            }
            textBytes -= entry.size();
        }
        FeedNode begin = FeedNode.place(place, textBytes);
        begin.next = node;
        first = begin;
        keepEntries = last.sequence() - first.sequence() + WINDOW_ENTRIES;
        keepBytes = last.textBytes - first.textBytes + WINDOW_BYTES;
    }

    /** Goes back to the usual window. */
    void shrink() {
        keepEntries = WINDOW_ENTRIES;
        keepBytes = WINDOW_BYTES;
        trim();
    }

    private void trim() {
        FeedNode node = first;
        while (last.sequence() - node.sequence() > keepEntries || last.textBytes - node.textBytes > keepBytes) {
            FeedNode next = node.next;
            if (next == null) {
                break;
            }
            node = next;
        }
        first = node;
    }
}
