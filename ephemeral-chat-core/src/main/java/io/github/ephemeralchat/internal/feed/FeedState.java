package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.feed.FeedLog.SignalOrder;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.DeadlineMoved;
import io.github.ephemeralchat.model.RoomEvent.MessageClaimed;
import io.github.ephemeralchat.model.RoomEvent.MessageForgotten;
import io.github.ephemeralchat.model.RoomEvent.ParticipantLeft;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a feed has in memory of its room: the newest part of the log, the subscriptions, the deadline, and whether it has
 * ended. Thread-safe.
 *
 * <p>Its monitor guards all of it, so each method is one step. A synchronized method waits for nothing, reads no store,
 * and neither encodes nor decodes.
 */
final class FeedState {

    /** A feed goes from NEW to LISTENING to ENDED, or ends at once. Whoever finds it ENDED closes what it holds. */
    private enum Phase {
        /** Its registration and its first read are under way. */
        NEW,
        /** It receives signals. */
        LISTENING,
        /** The room has ended, or nobody on this node listens to it any more. */
        ENDED
    }

    private final RoomFeed feed;
    private final FeedMaintenance maintenance;

    // Written under the monitor, read anywhere.
    private volatile Phase phase = Phase.NEW;
    /** Null unless the feed is LISTENING: what has ended keeps no content. */
    private volatile @Nullable FeedLog entries;
    /** Null unless the room has ended. */
    private volatile @Nullable SharedEvent end;

    private volatile FeedSubscription[] subscriptions = {};

    /** Null until the first cue, and once the feed has ended. */
    private volatile @Nullable FeedCues cues;

    private volatile Instant expiresAt;

    // Read and written under the monitor.
    /** The sequence of an entry as of which that is the deadline. */
    private long expiresAsOf;
    /** What was loaded for clients that resumed. */
    private final HistoryBudget.Loan loaded;

    /** Whether a check was asked for before there was anything to compare. */
    private boolean checkWhenListening;

    FeedState(RoomFeed feed, FeedMaintenance maintenance, HistoryBudget.Loan loaded) {
        this.feed = feed;
        this.maintenance = maintenance;
        this.loaded = loaded;
        this.expiresAt = feed.room.expiresAt();
    }

    /** {@return the room's end; null unless the room has ended} */
    @Nullable
    SharedEvent end() {
        return end;
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    FeedSubscription[] subscriptions() {
        return subscriptions;
    }

    /** The log at hand; null unless the feed is listening. */
    @Nullable
    FeedLog entries() {
        return entries;
    }

    @Nullable
    FeedNode newest() {
        FeedLog known = entries;
        return known == null ? null : known.last();
    }

    @Nullable
    FeedCues cues() {
        return cues;
    }

    /** {@return the room's deadline, as far as this node knows} */
    Instant expiresAt() {
        return expiresAt;
    }

    // ---- From NEW to LISTENING ----

    /**
     * Enters LISTENING with what the first read has found, unless the feed has ended meanwhile.
     *
     * @return whether it listens
     */
    synchronized boolean listen(FeedLog read) {
        if (isEnded()) {
            return false;
        }
        phase = Phase.LISTENING;
        entries = read;
        scheduleEnds(read);
        return true;
    }

    /** Whether there is something to compare with the store. If the feed is NEW, it is to be compared once it listens. */
    synchronized boolean isCheckable() {
        checkWhenListening |= phase == Phase.NEW;
        return phase == Phase.LISTENING;
    }

    synchronized boolean isCheckWanted() {
        return checkWhenListening;
    }

    FeedLog newLog(FeedNode begin) {
        return new FeedLog(begin, this::onChange);
    }

    /** Called by the log, under the monitor. */
    private void onChange(RoomEvent event) {
        if (event instanceof ParticipantLeft left) {
            feed.seatFreed(left);
            if (cues != null) {
                cues.removeOf(left.identity().id());
            }
        } else if (event instanceof DeadlineMoved moved) {
            moveDeadline(moved.entryId().sequence(), moved.expiresAt());
        } else if (event instanceof MessageForgotten || event instanceof MessageClaimed) {
            laggingChains().forEach(chain -> NodeChains.changeLife(chain, event));
        }
        if (event instanceof MessageForgotten forgotten && forgotten.reason() == Forgotten.CLAIMED) {
            maintenance.bodyGoes(feed, RoomStore.CLAIM_REPEATS);
        }
    }

    /**
     * Takes a deadline over, unless a later entry has moved it since.
     *
     * @param asOf the sequence of an entry as of which it is the deadline
     */
    synchronized void moveDeadline(long asOf, Instant deadline) {
        if (asOf < expiresAsOf) {
            return;
        }
        expiresAsOf = asOf;
        if (!deadline.equals(expiresAt)) {
            expiresAt = deadline;
            maintenance.deadlineMoved(feed);
        }
    }

    // ---- Entries ----

    /**
     * Links the entry of a signal.
     *
     * @param node the signal's entry, null if it carries none or was taken for known
     */
    synchronized SignalOrder link(RoomSignal.EntryAppended signal, @Nullable FeedNode node) {
        if (entries == null) {
            return SignalOrder.UNSURE;
        }
        SignalOrder order = entries.link(signal, node);
        scheduleEnds(entries);
        return order;
    }

    /** Whether entries came whose predecessors have not. */
    synchronized boolean hasGap() {
        return entries != null && entries.hasGap();
    }

    /**
     * Links what was read after a node.
     *
     * @param reset null if what was read continues that node
     * @return whether the store has to be read again: what was linked meanwhile is not what was read
     */
    synchronized boolean link(FeedNode at, @Nullable FeedNode reset, List<FeedNode> nodes) {
        if (entries == null) {
            return false;
        }
        if (reset != null) {
            if (entries.last() != at) {
                return true;
            }
            entries = entries.restart(reset);
            expiresAsOf = 0; // Its entry may be of the other history: what is read next counts.
            feed.seats.historyRestarted();
        }
        boolean again = entries.link(nodes);
        scheduleEnds(entries);
        return again;
    }

    /**
     * Links a chain of older nodes, unless the log is another one by now.
     *
     * @param newest the newest node before the chain was read
     * @param loan what the chain has taken of the node's budget: the feed takes it over if it takes the chain
     */
    synchronized void prepend(FeedLog to, FeedNode chain, FeedNode newest, HistoryBudget.Loan loan) {
        if (entries == to) {
            to.prepend(chain, newest);
            loaded.takeOver(loan);
            scheduleEnds(to);
        }
    }

    /** Drops what was loaded for clients that resumed, and cues that are over. */
    synchronized void shrink(long now) {
        if (cues != null) {
            cues.removeOld(now);
        }
        if (entries != null && !feed.reader.isLoading()) {
            entries.shrink();
            loaded.close();
        }
    }

    /** {@return where cues are put; null unless the feed is listening} */
    synchronized @Nullable FeedCues openCues() {
        if (cues == null && phase == Phase.LISTENING) {
            cues = new FeedCues(feed.room.maxParticipants());
        }
        return cues;
    }

    // ---- Bodies that end before the room ----

    private void scheduleEnds(FeedLog known) {
        if (known.hasEnds()) {
            maintenance.bodiesEnd(feed);
        }
    }

    boolean hasEnds() {
        FeedLog known = entries;
        return known != null && known.hasEnds();
    }

    /**
     * Drops the bodies that end by now.
     *
     * @return whether there were any
     */
    synchronized boolean endBodies(Instant now) {
        if (entries == null) {
            return false;
        }
        entries.endEarly(now);
        if (!entries.isEndDue(now)) {
            return false;
        }
        NodeChains.endBodies(entries.first(), now);
        laggingChains().forEach(chain -> NodeChains.endBodies(chain, now));
        entries.tellEnded(now);
        return true;
    }

    /**
     * Where the nodes begin that are in memory for cursors alone, since the log no longer has them. Few cursors lag, so few
     * are looked at.
     */
    private List<FeedNode> laggingChains() {
        Set<FeedNode> places = Collections.newSetFromMap(new IdentityHashMap<>());
        for (FeedSubscription subscription : subscriptions) {
            FeedNode place = subscription.place();
            if (place.next != null) {
                places.add(place);
            }
        }
        return entries == null || places.isEmpty() ? List.of() : NodeChains.before(entries.first(), places);
    }

    // ---- Subscriptions ----

    /** Adds a subscription after the newest entry; false unless the feed is listening. */
    synchronized boolean addAtEnd(FeedSubscription subscription) {
        return entries != null && add(subscription, entries.last(), null);
    }

    /** Adds a subscription after the wanted entry, if that is in the log. */
    synchronized boolean addAfter(EntryId wanted, FeedSubscription subscription, @Nullable ResetReason reset) {
        FeedNode node = entries == null ? null : entries.find(wanted);
        return node != null && add(subscription, node, reset);
    }

    private boolean add(FeedSubscription subscription, FeedNode node, @Nullable ResetReason reset) {
        subscription.startAfter(node, reset);
        FeedSubscription[] more = Arrays.copyOf(subscriptions, subscriptions.length + 1);
        more[more.length - 1] = subscription;
        subscriptions = more;
        return true;
    }

    /**
     * Removes a subscription, and ends the feed if it was the last one.
     *
     * @return whether that has ended the feed
     */
    synchronized boolean remove(FeedSubscription subscription) {
        if (isEnded()) {
            return false; // Nobody walks the set again.
        }
        subscriptions = Arrays.stream(subscriptions)
                .filter(other -> other != subscription)
                .toArray(FeedSubscription[]::new);
        return subscriptions.length == 0 && stop(null);
    }

    /**
     * Enters ENDED. The end comes before the log goes: whoever finds no log finds the reason.
     *
     * @param roomEnd null if the feed ends for this node alone
     * @return whether this call has ended it
     */
    synchronized boolean stop(@Nullable SharedEvent roomEnd) {
        if (isEnded()) {
            return false;
        }
        end = roomEnd;
        phase = Phase.ENDED;
        entries = null;
        cues = null;
        loaded.close();
        return true;
    }
}
