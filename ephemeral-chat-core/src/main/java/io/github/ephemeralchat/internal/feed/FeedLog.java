package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.MessageForgotten;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a room's log that a node has in memory: a linked list. The newest entries are kept for clients that come
 * back, older ones only as long as a cursor points before them.
 *
 * <p>Guarded by its feed's lock, except for {@link #first} and {@link #last}, which may be read at any time. What it is
 * given was built before: nothing is decoded or encoded here.
 */
final class FeedLog {

    /** What is kept without a cursor behind it: enough for a page that reconnects. */
    private static final int WINDOW_ENTRIES = 256;

    private static final long WINDOW_BYTES = 256 << 10;

    /** So many of the newest are not compacted: all subscribers that do not lag have taken the others. */
    private static final int FRESH_ENTRIES = 4;

    /** Enough for posts that race each other; more than that is a gap. */
    private static final int MAX_EARLY = 64;

    /** How a signal's entry relates to the log. */
    enum SignalOrder {
        /** It follows the last entry, and was linked. */
        NEXT,
        /** It is in the log already. */
        KNOWN,
        /** It waits for the entries before it, which are under way or lost. */
        EARLY,
        /** Only the store knows. */
        UNSURE
    }

    private final Consumer<RoomEvent> onChange;
    private final BodyEnds ends = new BodyEnds();
    /** What came before its predecessor did, by that predecessor's id. */
    private final Map<EntryId, FeedNode> early = new HashMap<>();
    /** Whether a body among them ends before the room; written under the lock, read anywhere. */
    private volatile boolean earlyEnds;

    private volatile FeedNode first;
    private volatile FeedNode last;
    /** The newest node that was compacted. */
    private FeedNode lastCompacted;

    private long keepEntries = WINDOW_ENTRIES;
    private long keepBytes = WINDOW_BYTES;

    /**
     * Creates a log that begins at a node.
     *
     * @param onChange called under the feed's lock with each event but messages, before its entry becomes visible
     */
    FeedLog(FeedNode begin, Consumer<RoomEvent> onChange) {
        this.onChange = onChange;
        first = begin;
        last = begin;
        lastCompacted = begin;
    }

    FeedNode first() {
        return first;
    }

    FeedNode last() {
        return last;
    }

    /** A place for a cursor that lags too far behind: within the usual window. */
    FeedNode recent() {
        return firstWithin(WINDOW_ENTRIES, WINDOW_BYTES);
    }

    private FeedNode firstWithin(long entries, long bytes) {
        FeedNode node = first;
        FeedNode next = node.next;
        while (next != null
                && (last.sequence() - next.sequence() >= entries || last.textBytes - next.textBytes >= bytes)) {
            node = next;
            next = node.next;
        }
        return node;
    }

    @Nullable
    FeedNode find(EntryId id) {
        if (id.sequence() > last.sequence() || id.sequence() < first.sequence()) {
            return null;
        }
        // The usual question is about the newest entry: a node receives the signals of its own posts too.
        if (last.isAt(id)) {
            return last;
        }
        FeedNode node = first;
        while (node != null && !node.isAt(id)) {
            node = node.next;
        }
        return node;
    }

    /**
     * Links a signal's entry if it follows the last one; keeps it if it is early.
     *
     * @param node the signal's entry, null if it carries none or was taken for known
     */
    SignalOrder link(RoomSignal.EntryAppended signal, @Nullable FeedNode node) {
        if (node != null && signal.previous().equals(last.id)) {
            append(node);
            linkEarly();
            return SignalOrder.NEXT;
        }
        if (find(signal.position()) != null) {
            return SignalOrder.KNOWN;
        }
        if (node == null || node.sequence() <= last.sequence() || early.size() >= MAX_EARLY) {
            return SignalOrder.UNSURE;
        }
        early.put(signal.previous(), node);
        if (node.bodyEndsAt != null) {
            earlyEnds = true;
        }
        return SignalOrder.EARLY;
    }

    private void linkEarly() {
        for (FeedNode next = early.remove(last.id); next != null; next = early.remove(last.id)) {
            append(next);
        }
        removeOvertaken();
    }

    /** What has come otherwise meanwhile: nobody would drop a body there. */
    private void removeOvertaken() {
        if (!early.isEmpty()) {
            early.values().removeIf(node -> node.sequence() <= last.sequence());
        }
        if (earlyEnds && early.isEmpty()) {
            earlyEnds = false;
        }
    }

    /**
     * Links those of a page's entries that are new.
     *
     * @return whether the store has to be asked about the new end: what was linked meanwhile is not what was read
     */
    boolean link(List<FeedNode> page) {
        for (FeedNode node : page) {
            if (node.sequence() == last.sequence() && !node.id.equals(last.id)) {
                return true;
            }
            if (node.sequence() == last.sequence() + 1) {
                append(node);
            }
        }
        linkEarly();
        return false;
    }

    /** Whether something came early and the entry before it has not come yet. */
    boolean hasGap() {
        return !early.isEmpty();
    }

    private void append(FeedNode node) {
        SharedEvent event = node.event;
        if (event != null && !(event.event() instanceof MessagePosted)) {
            changeLife(event.event());
            onChange.accept(event.event()); // Before the entry is visible: it may be the last one of a subscription.
        }
        addEnd(node);
        follow(node);
        trim();
        compactOlder();
    }

    private void follow(FeedNode node) {
        node.follow(last);
        last = node;
    }

    // ---- Bodies that end before the room ----

    private void addEnd(FeedNode node) {
        Instant end = node.bodyEndsAt;
        if (end != null) {
            ends.add(node.sequence(), end);
        }
    }

    boolean hasEnds() {
        return !ends.isEmpty() || earlyEnds;
    }

    /** Drops what is over among the bodies that came early. */
    void endEarly(Instant now) {
        early.values().forEach(node -> node.endBody(now));
    }

    boolean isEndDue(Instant now) {
        return ends.isDue(now);
    }

    /** Tells subscribers of the messages whose time is over by now. Their nodes were changed before. */
    void tellEnded(Instant now) {
        for (long sequence : ends.take(now)) {
            follow(FeedNode.expired(last.id, sequence));
        }
        trim();
    }

    private void changeLife(RoomEvent event) {
        if (event instanceof MessageForgotten forgotten) {
            ends.forget(forgotten.messageSequence());
        }
        NodeChains.changeLife(first, event);
    }

    private void compactOlder() {
        FeedNode next = lastCompacted.next;
        while (next != null && last.sequence() - next.sequence() >= FRESH_ENTRIES) {
            if (next.event instanceof EncodedOnce event) {
                event.compact();
            }
            lastCompacted = next;
            next = lastCompacted.next;
        }
    }

    /**
     * Begins another history after this one. All cursors meet the reset in order, since it follows this log's last node.
     *
     * @param reset what tells subscribers to start anew
     * @return the log of the other history, in place of this one
     */
    FeedLog restart(FeedNode reset) {
        reset.follow(last);
        return new FeedLog(reset, onChange);
    }

    /**
     * Links older nodes before the log, and keeps them for all who ask for them until the next {@link #shrink}.
     *
     * @param older the first of a chain that ends in a node of this log
     * @param newest the newest node before the chain was read: what the log says of messages since may not be in the chain
     */
    void prepend(FeedNode older, FeedNode newest) {
        for (FeedNode node = newest.next; node != null; node = node.next) {
            SharedEvent event = node.event;
            if (event != null) {
                NodeChains.changeLife(older, event.event());
            }
        }
        for (FeedNode node = older; node != null && node != first; node = node.next) {
            addEnd(node);
        }
        first = older;
        keepPresent();
    }

    /** Links what was read before anybody subscribed, and keeps it until the next {@link #shrink}. */
    void load(List<FeedNode> page) {
        keepEntries = Long.MAX_VALUE;
        keepBytes = Long.MAX_VALUE;
        link(page);
        keepPresent();
    }

    private void keepPresent() {
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
        first = firstWithin(keepEntries, keepBytes);
    }

    /**
     * Chains nodes before a node of a log. Called without the lock: nobody sees the chain yet.
     *
     * @param place where the chain begins
     * @param older ascending, all before the node
     * @param target a node of the log
     * @return the place, linked to the first of the nodes
     */
    static FeedNode chain(EntryId place, List<FeedNode> older, FeedNode target) {
        FeedNode node = target;
        for (int i = older.size() - 1; i >= 0; i--) {
            older.get(i).precede(node);
            node = older.get(i);
        }
        FeedNode begin = FeedNode.place(place);
        begin.precede(node);
        return begin;
    }
}
