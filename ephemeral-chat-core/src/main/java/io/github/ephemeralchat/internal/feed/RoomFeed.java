package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.feed.FeedLog.SignalOrder;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.DeadlineMoved;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.MessageClaimed;
import io.github.ephemeralchat.model.RoomEvent.MessageForgotten;
import io.github.ephemeralchat.model.RoomEvent.ParticipantLeft;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One room on this node: the newest part of its log, shared by all its local subscribers.
 *
 * <p>It receives signals, but links an entry without a read only if that continues exactly what it has; otherwise it
 * reads the store. Its monitor guards the state, the log and the set of subscriptions. A synchronized method waits for
 * nothing, calls nothing out, and neither encodes nor decodes.
 */
final class RoomFeed {

    private static final Logger log = LoggerFactory.getLogger(RoomFeed.class);

    /** A feed goes from NEW to LISTENING to ENDED, or ends at once. Whoever finds it ENDED closes what it holds. */
    private enum State {
        /** Its registration and its first read are under way. */
        NEW,
        /** It receives signals. */
        LISTENING,
        /** The room has ended, or nobody on this node listens to it any more. */
        ENDED
    }

    final Room room;
    final FeedReader reader;
    final WakeUpDispatcher dispatcher;
    final CheckSchedule checkSchedule = new CheckSchedule();
    /** Completes when the feed may be used, or with the reason why it may not. */
    final CompletableFuture<Void> started = new CompletableFuture<>();

    private final FeedRegistry registry;

    // Written under the monitor, read anywhere.
    private volatile State state = State.NEW;
    /** Null unless the feed is LISTENING: what has ended keeps no content. */
    private volatile @Nullable FeedLog entries;
    /** Null unless the room has ended. */
    private volatile @Nullable SharedEvent end;

    private volatile FeedSubscription[] subscriptions = {};

    /** Null until the first cue, and once the feed has ended. Written under the monitor. */
    private volatile @Nullable FeedCues cues;
    /** Null in a room without presence. Written once, before the feed may be used. */
    private volatile @Nullable RoomPresence presence;

    private volatile Instant expiresAt;
    /** The sequence of an entry as of which that is the deadline. Guarded by the monitor. */
    private long expiresAsOf;

    /** Under which deadline feed maintenance has the feed, which alone writes it. */
    volatile Instant scheduledEnd;

    /** What was loaded for clients that resumed. Guarded by the monitor. */
    private final HistoryBudget.Loan loaded;

    /** Whether a check was asked for before there was anything to compare. */
    private volatile boolean checkWhenListening;
    /** Written once, by the thread that starts the feed. */
    private volatile @Nullable Registration registration;

    RoomFeed(Room room, FeedRegistry registry) {
        this.room = room;
        this.expiresAt = room.expiresAt();
        this.scheduledEnd = expiresAt;
        this.registry = registry;
        this.loaded = registry.history.new Loan();
        this.dispatcher = new WakeUpDispatcher(this, registry.engine.dispatchExecutor());
        this.reader = new FeedReader(this, registry);
    }

    @Nullable
    SharedEvent end() {
        return end;
    }

    boolean isEnded() {
        return state == State.ENDED;
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

    @Nullable
    RoomPresence presence() {
        return presence;
    }

    // ---- Starting ----

    /** Registers first and reads second, so that nothing is missed between. Called once. */
    void start(RoomBroadcaster broadcaster, EntryId head, Cursor cursor) {
        if (room.rules().presence()) {
            presence = registry.presences.listen(this);
        }
        registration = broadcaster.subscribe(room.id(), this::onSignal);
        if (isEnded() || !listen(reader.read(head, cursor))) {
            close(registration); // Whoever ended the feed may not have seen it; closing it twice is closing it once.
            throw end == null ? FeedRegistry.closed() : new RoomNotFoundException();
        }
        if (checkWhenListening) {
            checkSoon();
        }
        started.complete(null);
    }

    private synchronized boolean listen(FeedLog read) {
        if (isEnded()) {
            return false;
        }
        state = State.LISTENING;
        entries = read;
        scheduleEnds(read);
        return true;
    }

    FeedLog newLog(FeedNode begin) {
        return new FeedLog(begin, this::onChange);
    }

    /** Called by the log, under the monitor. */
    private void onChange(RoomEvent event) {
        if (event instanceof ParticipantLeft left) {
            for (FeedSubscription subscription : subscriptions) {
                subscription.seatFreed(left);
            }
            if (cues != null) {
                cues.removeOf(left.identity().id());
            }
            if (presence != null) {
                presence.seatFreed(left);
            }
        } else if (event instanceof DeadlineMoved moved) {
            moveDeadline(moved.entryId().sequence(), moved.expiresAt());
        } else if (event instanceof MessageForgotten || event instanceof MessageClaimed) {
            laggingChains().forEach(chain -> NodeChains.changeLife(chain, event));
        }
    }

    // ---- The deadline ----

    /** {@return the room's deadline, as far as this node knows} */
    Instant expiresAt() {
        return expiresAt;
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
            registry.maintenance.deadlineMoved(this);
        }
    }

    // ---- Bodies that end before the room ----

    private void scheduleEnds(FeedLog known) {
        if (known.hasEnds()) {
            registry.maintenance.bodiesEnd(this);
        }
    }

    /** The store's time, from memory. */
    Instant now() {
        return registry.store.now();
    }

    /**
     * Drops the bodies that end by now, and tells subscribers of them.
     *
     * @return whether others end later
     */
    boolean endBodies(Instant now) {
        boolean ended = dropEnded(now);
        if (ended) {
            dispatcher.dispatchAsync();
        }
        FeedLog known = entries;
        return known != null && known.hasEnds();
    }

    private synchronized boolean dropEnded(Instant now) {
        if (entries == null || !entries.isEndDue(now)) {
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

    // ---- Signals ----

    /** On the broadcaster's thread: hands over and returns. */
    private void onSignal(RoomSignal signal) {
        if (signal instanceof RoomSignal.Destroyed destroyed && destroyed.room().equals(room.incarnation())) {
            end(EndReason.DESTROYED);
        } else if (signal instanceof RoomSignal.EntryAppended appended
                && appended.room().equals(room.incarnation())) {
            if (accept(appended, null)) {
                dispatcher.dispatchAsync();
            }
        } else if (signal instanceof RoomSignal.Cue cue) {
            if (cue.node() != registry.node) {
                cue(cue);
            }
        } else if (signal instanceof RoomSignal.Presence word) {
            if (presence != null && word.room().equals(room.incarnation())) {
                presence.heard(word, registry.engine.nanoTime().getAsLong());
            }
        } else {
            // A signal of another incarnation may be late, or say that this one has ended: the store knows.
            checkSoon();
        }
    }

    /** Passes a cue on to the subscribers. */
    void cue(RoomSignal.Cue cue) {
        FeedCues into = cue.room().equals(room.incarnation()) ? openCues() : null;
        if (into != null) {
            into.put(cue, registry.engine.nanoTime().getAsLong());
            dispatcher.dispatchAsync();
        }
    }

    private synchronized @Nullable FeedCues openCues() {
        if (cues == null && state == State.LISTENING) {
            cues = new FeedCues(room.maxParticipants());
        }
        return cues;
    }

    /** Compares the feed with the store soon, or as soon as it listens. */
    void checkSoon() {
        if (isListening()) {
            registry.maintenance.checkSoon(this);
        }
    }

    private synchronized boolean isListening() {
        checkWhenListening = state == State.NEW;
        return state == State.LISTENING;
    }

    /**
     * Links an entry if it is the next one; if that is not sure the store is read soon.
     *
     * @param event what subscribers get of the entry, null if it is not made yet
     * @return whether it was linked
     */
    boolean accept(RoomSignal.EntryAppended signal, @Nullable SharedEvent event) {
        LogEntry entry = signal.entry();
        FeedNode newest = newest();
        boolean isNew = newest != null && signal.position().sequence() > newest.sequence();
        SignalOrder order = link(signal, isNew && entry != null ? registry.node(entry, event) : null);
        if (order == SignalOrder.UNSURE) {
            checkSoon();
        } else if (order == SignalOrder.EARLY) {
            registry.maintenance.checkGap(this);
        }
        return order == SignalOrder.NEXT;
    }

    private synchronized SignalOrder link(RoomSignal.EntryAppended signal, @Nullable FeedNode node) {
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

    // ---- What was read ----

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
            reader.historyRestarted();
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

    /** Drops what was loaded for clients that resumed. */
    synchronized void shrink() {
        if (cues != null) {
            cues.removeOld(registry.engine.nanoTime().getAsLong());
        }
        if (entries != null && !reader.isLoading()) {
            entries.shrink();
            loaded.close();
        }
    }

    // ---- Subscribing ----

    /**
     * Adds a subscription.
     *
     * @param head the entry as of which the member has its seat
     * @return the subscription, or null if this feed has ended and another one is needed
     */
    @Nullable
    FeedSubscription subscribe(EntryId head, @Nullable Member member, Cursor cursor, Runnable wakeUp) {
        long now = registry.engine.nanoTime().getAsLong();
        long welcomeAsOf = member == null
                ? now
                : registry.recentSeats.welcomeAsOf(
                        room.incarnation(), member.identity().id(), now);
        FeedSubscription subscription = new FeedSubscription(this, registry.telemetry, member, wakeUp, welcomeAsOf);
        try {
            boolean added = cursor instanceof Cursor.After after
                    ? reader.resume(subscription, after.entry())
                    : addAtEnd(subscription);
            if (added && !reader.isSeatedSince(head, subscription)) {
                throw new NotAParticipantException();
            }
            if (added) {
                arrived(subscription);
                registry.opened(subscription);
            }
            return added ? subscription : null;
        } catch (Throwable e) {
            subscription.close(); // It may have been added.
            throw e;
        }
    }

    private void arrived(FeedSubscription subscription) {
        Identity identity = subscription.identity();
        RoomPresence of = presence;
        if (of != null && identity != null) {
            of.arrived(subscription, identity.id(), registry.engine.nanoTime().getAsLong());
        }
    }

    private synchronized boolean addAtEnd(FeedSubscription subscription) {
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
     * Ends the feed if nobody is left.
     *
     * @param stays how long the participant counts as connected
     */
    void remove(FeedSubscription subscription, Duration stays) {
        Identity identity = subscription.identity();
        RoomPresence of = presence;
        if (of != null && identity != null) {
            long until = registry.engine.nanoTime().getAsLong() + stays.toNanos();
            of.ended(subscription, identity.id(), until);
        }
        if (identity != null && end == null && !subscription.hasLostItsSeat()) {
            long now = registry.engine.nanoTime().getAsLong();
            registry.recentSeats.ended(room.incarnation(), identity.id(), subscription.welcomeAsOf, now);
        }
        if (removeLast(subscription)) {
            release();
        }
    }

    private synchronized boolean removeLast(FeedSubscription subscription) {
        if (isEnded()) {
            return false; // Nobody walks the set again.
        }
        subscriptions = Arrays.stream(subscriptions)
                .filter(other -> other != subscription)
                .toArray(FeedSubscription[]::new);
        return subscriptions.length == 0 && stop(null);
    }

    // ---- Ending ----

    /** Ends the feed for this node alone: its subscriptions end without an event. */
    void close() {
        if (stop(null)) {
            release();
            for (FeedSubscription subscription : subscriptions) {
                subscription.cancel();
            }
        }
    }

    /**
     * Ends the room on this node: content is dropped at once, and every subscriber is woken up for the end.
     *
     * @return whether this call has ended it
     */
    boolean end(EndReason reason) {
        if (!stop(new EncodedOnce(new RoomEvent.RoomDestroyed(reason)))) {
            return false;
        }
        try {
            for (FeedSubscription subscription : subscriptions) {
                subscription.releaseLog();
            }
            dispatcher.dispatchAsync();
            registry.observeEnd(room.incarnation(), reason);
        } finally {
            release();
        }
        return true;
    }

    /** Enters ENDED. The end comes before the log goes: whoever finds no log finds the reason. */
    private synchronized boolean stop(@Nullable SharedEvent roomEnd) {
        if (isEnded()) {
            return false;
        }
        end = roomEnd;
        state = State.ENDED;
        entries = null;
        cues = null;
        loaded.close();
        return true;
    }

    private void release() {
        registry.forget(this);
        close(registration);
    }

    /** A broadcaster that throws here keeps nobody from learning of the end. */
    private static void close(@Nullable Registration made) {
        try {
            if (made != null) {
                made.close();
            }
        } catch (RuntimeException e) {
            log.warn("A registration was not closed", Failures.withoutMessages(e));
        }
    }
}
