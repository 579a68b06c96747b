package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of a room's log that a node has at hand: a linked list, of which the newest entries are held for those
 * who come back, and older ones only as long as a cursor points before them.
 *
 * <p>Guarded by its feed's lock, except for {@link #first} and {@link #last}, which may be read at any time.
 */
final class FeedLog {

    /** What is held with no cursor behind: enough for a page that reconnects. */
    private static final int WINDOW_ENTRIES = 256;

    private static final long WINDOW_BYTES = 256 << 10;

    /** Of so many what was made for the wire is kept: of those before, all but who lag have had it. */
    private static final int FRESH_ENTRIES = 4;

    /** Enough for posts that race each other; more than that is a gap. */
    private static final int MAX_EARLY = 64;

    /** What came before its predecessor did, by that predecessor's id. */
    private final Map<EntryId, LogEntry> early = new HashMap<>();

    private volatile FeedNode first;
    private volatile FeedNode last;
    /** The newest node of which what had been made for the wire when others followed was let go of. */
    private FeedNode stale;

    private long keepEntries = WINDOW_ENTRIES;
    private long keepBytes = WINDOW_BYTES;
    /** How often the history was replaced: nodes of two numbers are of two histories. */
    private int restarts;

    FeedLog(EntryId head) {
        first = FeedNode.place(head, 0);
        last = first;
        stale = first;
    }

    FeedNode first() {
        return first;
    }

    /** Where a list began at one moment, to read towards. */
    record Beginning(FeedNode first, int restarts) {}

    Beginning beginning() {
        return new Beginning(first, restarts);
    }

    /** A place for a cursor that fell too far behind: within the usual window. */
    FeedNode recent() {
        FeedNode node = first;
        FeedNode next = node.next;
        while (next != null && isBefore(next, WINDOW_ENTRIES, WINDOW_BYTES)) {
            node = next;
            next = node.next;
        }
        return node;
    }

    private boolean isBefore(FeedNode node, long entries, long bytes) {
        return last.sequence() - node.sequence() >= entries || last.textBytes - node.textBytes >= bytes;
    }

    FeedNode last() {
        return last;
    }

    /** How a signal's entry relates to what is at hand. */
    enum Fit {
        /** It follows the last one. */
        NEXT,
        /** It is at hand already. */
        KNOWN,
        /** It was kept, for the moment when the entries before it have come: those are under way, or lost. */
        EARLY,
        /** None of these is sure: the store has to be asked. */
        UNSURE
    }

    Fit fit(RoomSignal.EntryAppended signal) {
        LogEntry entry = signal.entry();
        if (entry != null && signal.previous().equals(last.id)) {
            return Fit.NEXT;
        }
        if (find(signal.position()) != null) {
            return Fit.KNOWN;
        }
        if (entry == null || entry.id().sequence() <= last.sequence() || early.size() >= MAX_EARLY) {
            return Fit.UNSURE;
        }
        early.put(signal.previous(), entry);
        return Fit.EARLY;
    }

    /** Takes the entry that came early and is next by now; null where there is none. */
    @Nullable
    LogEntry takeNext() {
        return early.isEmpty() ? null : early.remove(last.id);
    }

    /** Whether something came early and what is before it has not come yet. */
    boolean hasGap() {
        early.values().removeIf(entry -> entry.id().sequence() <= last.sequence());
        return !early.isEmpty();
    }

    void append(LogEntry entry, @Nullable SharedEvent delivery) {
        append(new FeedNode(entry.id(), last.textBytes + entry.size(), delivery));
        trim();
        forgetEncoded();
    }

    private void forgetEncoded() {
        FeedNode next = stale.next;
        while (next != null && last.sequence() - next.sequence() >= FRESH_ENTRIES) {
            SharedEvent delivery = next.delivery;
            if (delivery != null) {
                ((EncodedOnce) delivery).dropEncoded();
            }
            stale = next;
            next = stale.next;
        }
    }

    private void append(FeedNode node) {
        last.next = node;
        last = node;
    }

    /** What is at hand is not this history any more: all cursors hear so, then what the log keeps follows. */
    void restart(LogPage page) {
        ResetReason reason = page.continuity() == Continuity.FORKED ? ResetReason.FORKED : ResetReason.TRUNCATED;
        SharedEvent reset = new EncodedOnce(new HistoryReset(reason, page.firstSequence()));
        append(new FeedNode(EntryId.at(page.firstSequence() - 1), last.textBytes, reset));
        first = last;
        stale = last;
        restarts++;
        early.clear();
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

    /** What is to be thought of an id that {@link #find} does not. */
    RoomFeed.Place placeOfAbsent(EntryId id) {
        if (id.sequence() > last.sequence()) {
            return RoomFeed.Place.AHEAD;
        }
        EntryId anyOfThatSequence = EntryId.at(id.sequence());
        if (id.sequence() < first.sequence() || (first.isAt(anyOfThatSequence) && first.id.isUnverified())) {
            return RoomFeed.Place.OLDER;
        }
        return find(anyOfThatSequence) != null ? RoomFeed.Place.FORKED : RoomFeed.Place.TRUNCATED;
    }

    /**
     * Puts older entries before the list, for everybody who will ask for them until the next {@link #shrink}.
     *
     * @param place where they begin
     * @param older ascending; they end at the sequence of the beginning's first node or just before it
     * @param beginning the list's beginning when they were read; nothing is done where its history is not this one
     */
    void prepend(EntryId place, List<LogEntry> older, Beginning beginning) {
        if (beginning.restarts != restarts) {
            return;
        }
        // Its first node may have been trimmed away meanwhile; what follows it is linked to it all the same.
        FeedNode target = beginning.first;
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
        FeedNode next = node.next;
        while (next != null && isBefore(next, keepEntries, keepBytes)) {
            node = next;
            next = node.next;
        }
        first = node;
    }
}
