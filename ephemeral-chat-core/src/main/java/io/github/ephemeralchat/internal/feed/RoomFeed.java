package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.feed.FeedLog.SignalOrder;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ParticipantLeft;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One room on this node: it takes what the room's signals and the store tell of it into its {@link FeedState}, and wakes
 * the room's local subscribers up. Thread-safe.
 *
 * <p>It receives signals, but links an entry without a read only if that continues exactly what it has; otherwise it
 * reads the store. Nothing here holds a lock: what must be one step is a method of the state.
 */
final class RoomFeed {

    private static final Logger log = LoggerFactory.getLogger(RoomFeed.class);

    final Room room;
    final FeedState state;
    final FeedReader reader;
    final SeatChecks seats;
    final WakeUpDispatcher dispatcher;
    final CheckSchedule checkSchedule = new CheckSchedule();
    /** Completes when the feed may be used, or with the reason why it may not. */
    final CompletableFuture<Void> started = new CompletableFuture<>();

    private final FeedRegistry registry;

    /** Under which deadline feed maintenance has the feed, which alone writes it. */
    volatile Instant scheduledEnd;

    /** Null in a room without presence. Written once, before the feed may be used. */
    private volatile @Nullable RoomPresence presence;
    /** Written once, by the thread that starts the feed. */
    private volatile @Nullable Registration registration;

    RoomFeed(Room room, FeedRegistry registry) {
        this.room = room;
        this.registry = registry;
        this.scheduledEnd = room.expiresAt();
        this.dispatcher = new WakeUpDispatcher(
                this, registry.engine.dispatchExecutor(), registry.broadcaster.wakesOnListenerThread());
        this.reader = new FeedReader(this, registry);
        this.seats = new SeatChecks(this, registry);
        this.state = new FeedState(this, registry.maintenance, registry.history.new Loan());
    }

    @Nullable
    RoomPresence presence() {
        return presence;
    }

    /** Whether anything may be told beside the log: most rooms have neither presence nor cues. */
    boolean tellsBesideLog() {
        return presence != null || state.cues() != null;
    }

    /** The store's time, from memory. */
    Instant now() {
        return registry.store.now();
    }

    private long nanoTime() {
        return registry.engine.nanoTime().getAsLong();
    }

    // ---- Starting ----

    /** Registers first and reads second, so that nothing is missed between. Called once. */
    void start(RoomBroadcaster broadcaster, EntryId head, Cursor cursor) {
        if (room.rules().presence()) {
            presence = registry.presences.listen(this);
        }
        registration = broadcaster.subscribe(room.id(), this::onSignal);
        if (state.isEnded() || !state.listen(reader.read(head, cursor))) {
            close(registration); // Whoever ended the feed may not have seen it; closing it twice is closing it once.
            if (state.end() == null) {
                registry.requireOpen(); // A feed that has no end was closed by its registry.
            }
            throw new RoomNotFoundException();
        }
        if (state.isCheckWanted()) {
            checkSoon();
        }
        started.complete(null);
    }

    // ---- Signals ----

    /** On the broadcaster's thread: hands over and returns. */
    private void onSignal(RoomSignal signal) {
        if (signal instanceof RoomSignal.Destroyed destroyed && destroyed.room().equals(room.incarnation())) {
            end(EndReason.DESTROYED);
        } else if (signal instanceof RoomSignal.EntryAppended appended
                && appended.room().equals(room.incarnation())) {
            if (accept(appended, null)) {
                dispatcher.dispatchSignal();
            }
        } else if (signal instanceof RoomSignal.Cue cue) {
            if (cue.node() != registry.node) {
                cue(cue);
            }
        } else if (signal instanceof RoomSignal.Presence word) {
            if (presence != null && word.room().equals(room.incarnation())) {
                presence.heard(word, nanoTime());
            }
        } else {
            // A signal of another incarnation may be late, or say that this one has ended: the store knows.
            checkSoon();
        }
    }

    /** Passes a cue on to the subscribers. */
    void cue(RoomSignal.Cue cue) {
        FeedCues into = cue.room().equals(room.incarnation()) ? state.openCues() : null;
        if (into != null) {
            into.put(cue, nanoTime());
            dispatcher.dispatchSignal();
        }
    }

    /** Compares the feed with the store soon, or as soon as it listens. */
    void checkSoon() {
        if (state.isCheckable()) {
            registry.maintenance.checkSoon(this);
        }
    }

    /**
     * Links an entry if it is the next one; if that is not sure the store is read soon.
     *
     * @param event what subscribers get of the entry, null if it is not made yet
     * @return whether it was linked
     */
    boolean accept(RoomSignal.EntryAppended signal, @Nullable SharedEvent event) {
        LogEntry entry = signal.entry();
        FeedNode newest = state.newest();
        boolean isNew = newest != null && signal.position().sequence() > newest.sequence();
        SignalOrder order = state.link(signal, isNew && entry != null ? registry.node(entry, event) : null);
        if (order == SignalOrder.UNSURE) {
            checkSoon();
        } else if (order == SignalOrder.EARLY) {
            registry.maintenance.checkGap(this);
        }
        return order == SignalOrder.NEXT;
    }

    /** Called by the state, under its monitor, before the entry of a departure becomes visible. */
    void seatFreed(ParticipantLeft left) {
        for (FeedSubscription subscription : state.subscriptions()) {
            subscription.seatFreed(left);
        }
        if (presence != null) {
            presence.seatFreed(left);
        }
    }

    // ---- What time ends ----

    /**
     * Drops the bodies that end by now, and tells subscribers of them.
     *
     * @return whether others end later
     */
    boolean endBodies(Instant now) {
        if (state.endBodies(now)) {
            dispatcher.dispatchAsync();
            registry.maintenance.bodyGoes(this, Duration.ZERO);
        }
        return state.hasEnds();
    }

    /** Drops what was loaded for clients that resumed, and cues that are over. */
    void shrink() {
        state.shrink(nanoTime());
    }

    // ---- Subscribing ----

    /**
     * Adds a subscription.
     *
     * @param head the entry as of which the member has its seat
     * @param revokedBefore how many were revoked before the member's seat was looked up
     * @return the subscription, or null if this feed has ended and another one is needed
     */
    @Nullable
    FeedSubscription subscribe(
            EntryId head, @Nullable Member member, Cursor cursor, Runnable wakeUp, long revokedBefore) {
        FeedSubscription subscription =
                new FeedSubscription(this, registry.telemetry, member, wakeUp, welcomeAsOf(member));
        try {
            boolean added = cursor instanceof Cursor.After after
                    ? reader.resume(subscription, after.entry())
                    : state.addAtEnd(subscription);
            if (added && !seats.isSeatedSince(head, subscription)) {
                throw new NotAParticipantException();
            }
            if (added) {
                arrived(subscription);
                registry.openings.opened(subscription, revokedBefore);
            }
            return added ? subscription : null;
        } catch (Throwable e) {
            subscription.close(); // It may have been added.
            throw e;
        }
    }

    private long welcomeAsOf(@Nullable Member member) {
        long now = nanoTime();
        return member == null
                ? now
                : registry.recentSeats.welcomeAsOf(
                        room.incarnation(), member.identity().id(), now);
    }

    private void arrived(FeedSubscription subscription) {
        Identity identity = subscription.identity();
        RoomPresence of = presence;
        if (of != null && identity != null) {
            of.arrived(subscription, identity.id(), nanoTime());
        }
    }

    /**
     * Ends the feed if nobody is left.
     *
     * @param stays how long the participant counts as connected
     */
    void remove(FeedSubscription subscription, Duration stays) {
        Identity identity = subscription.identity();
        RoomPresence of = presence;
        long now = nanoTime();
        if (of != null && identity != null) {
            of.ended(subscription, identity.id(), now + stays.toNanos());
        }
        if (identity != null && state.end() == null && !subscription.hasLostItsSeat()) {
            registry.recentSeats.ended(room.incarnation(), identity.id(), subscription.welcomeAsOf, now);
        }
        if (state.remove(subscription)) {
            release();
        }
    }

    // ---- Ending ----

    /** Ends the feed for this node alone: its subscriptions end without an event. */
    void close() {
        if (state.stop(null)) {
            release();
            for (FeedSubscription subscription : state.subscriptions()) {
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
        if (!state.stop(new EncodedOnce(new RoomEvent.RoomDestroyed(reason)))) {
            return false;
        }
        try {
            for (FeedSubscription subscription : state.subscriptions()) {
                subscription.releaseLog();
            }
            dispatcher.dispatchAsync();
            registry.endedRooms.observe(room.incarnation(), reason);
        } finally {
            release();
        }
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
