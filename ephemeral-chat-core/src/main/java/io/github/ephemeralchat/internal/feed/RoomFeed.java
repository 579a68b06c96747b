package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ParticipantLeft;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One room's deliveries on this node, shared by all its local subscribers.
 *
 * <p>It hears signals, but trusts them only where one continues exactly what it has; in any doubt it reads the store.
 * The lock guards the list and the set of subscriptions; nothing is called out under it.
 */
public final class RoomFeed {

    /** How far a cursor may be behind before it is reset: what it pins in memory is bounded by this. */
    static final long MAX_LAG_ENTRIES = 20_000;

    static final long MAX_LAG_BYTES = 16L << 20;

    private static final FeedSubscription[] NONE = {};

    private final Room room;
    private final FeedRegistry registry;
    private final WakeUpDispatcher sweeper;
    private final FeedCheck check;
    private final ReentrantLock lock = new ReentrantLock();

    // Written under the lock, read anywhere.
    private volatile @Nullable FeedLog list;
    private volatile FeedSubscription[] subscriptions = NONE;
    private volatile @Nullable SharedEvent end;
    private volatile boolean retired;

    private volatile boolean missedBeforeStart;

    private volatile @Nullable Registration registration;
    /** Guarded by the lock: the read of older entries that runs, for others to wait on. */
    private @Nullable CompletableFuture<Void> loading;

    /** The time of the next position check, in the upkeep's nanoseconds; the upkeep's own. */
    volatile long nextCheck;

    RoomFeed(Room room, FeedRegistry registry) {
        this.room = room;
        this.registry = registry;
        this.sweeper = new WakeUpDispatcher(this, registry);
        this.check = new FeedCheck(this, registry);
    }

    Room room() {
        return room;
    }

    @Nullable
    public SharedEvent end() {
        return end;
    }

    boolean isRetired() {
        return retired;
    }

    FeedSubscription[] subscriptions() {
        return subscriptions;
    }

    /** Where a cursor goes that fell too far behind; null where there is nothing any more. */
    @Nullable
    FeedNode recent() {
        FeedLog known = list;
        return known == null ? null : known.recent();
    }

    FeedLog.@Nullable Beginning beginning() {
        return locked(() -> {
            FeedLog known = list;
            return known == null ? null : known.beginning();
        });
    }

    @Nullable
    FeedNode newest() {
        FeedLog known = list;
        return known == null ? null : known.last();
    }

    // ---- Beginning ----

    /** Registers first and reads second, so that nothing falls between. Called once. */
    void start(RoomBroadcaster broadcaster) {
        registration = broadcaster.subscribe(room.id(), this::onSignal);
        EntryId head = stateOfThisLife().head();
        locked(() -> {
            if (retired) {
                throw new IllegalStateException("the service is closed");
            }
            list = new FeedLog(head);
        });
        if (missedBeforeStart) {
            registry.checkSoon(this);
        }
    }

    /** What the store knows of this life of the room; throws where it is over. */
    RoomState stateOfThisLife() {
        return registry.store()
                .find(room.id())
                .filter(state -> state.room().incarnation().equals(room.incarnation()))
                .orElseThrow(RoomNotFoundException::new);
    }

    // ---- Hearing ----

    /** On the broadcaster's thread: hands over and returns. */
    private void onSignal(RoomSignal signal) {
        if (signal instanceof RoomSignal.Destroyed destroyed && isThisLife(destroyed.room())) {
            expectDestroy();
        }
        if (list == null) {
            missedBeforeStart = true;
            if (list != null) {
                registry.checkSoon(this); // It started between the two looks, perhaps without seeing the mark.
            }
        } else if (signal instanceof RoomSignal.EntryAppended appended && isThisLife(appended.room())) {
            if (accept(appended, null)) {
                sweeper.sweepElsewhere();
            }
        } else if (signal instanceof RoomSignal.Destroyed destroyed && isThisLife(destroyed.room())) {
            end(EndReason.DESTROYED);
        } else {
            // A signal of another life may be a late one or the sign that this life is over: the store knows.
            registry.checkSoon(this);
        }
    }

    private boolean isThisLife(RoomIncarnation key) {
        return room.incarnation().equals(key);
    }

    /**
     * Takes an entry where it is the next one, which is the answer; where that is not sure, the store is asked soon.
     *
     * @param delivery what the entry is to subscribers, null where nobody has made that yet
     */
    boolean accept(RoomSignal.EntryAppended signal, @Nullable SharedEvent delivery) {
        FeedLog.Fit fit = locked(() -> fitAndLink(signal, delivery));
        if (fit == FeedLog.Fit.UNSURE) {
            registry.checkSoon(this);
        } else if (fit == FeedLog.Fit.EARLY) {
            registry.checkGap(this);
        }
        return fit == FeedLog.Fit.NEXT;
    }

    WakeUpDispatcher sweeper() {
        return sweeper;
    }

    private FeedLog.Fit fitAndLink(RoomSignal.EntryAppended signal, @Nullable SharedEvent made) {
        FeedLog known = list;
        if (known == null) {
            missedBeforeStart = true;
            return FeedLog.Fit.KNOWN;
        }
        FeedLog.Fit fit = known.fit(signal);
        LogEntry entry = signal.entry();
        if (fit == FeedLog.Fit.NEXT && entry != null) {
            link(known, entry, made == null ? EventCodec.delivery(entry) : made);
            linkEarly(known);
        }
        return fit;
    }

    private void linkEarly(FeedLog known) {
        for (LogEntry next = known.takeNext(); next != null; next = known.takeNext()) {
            link(known, next);
        }
    }

    /** Whether entries came whose predecessors have not. */
    boolean hasGap() {
        return locked(() -> {
            FeedLog known = list;
            return known != null && known.hasGap();
        });
    }

    private void link(FeedLog known, LogEntry entry) {
        link(known, entry, EventCodec.delivery(entry));
    }

    private void link(FeedLog known, LogEntry entry, @Nullable SharedEvent delivery) {
        if (delivery != null && delivery.event() instanceof ParticipantLeft left) {
            // Before the entry can be seen: who takes it must know that it is the last one.
            for (FeedSubscription subscription : subscriptions) {
                subscription.seatFreed(left);
            }
        }
        known.append(entry, delivery);
    }

    /** Reads what the store has after the feed's end. Blocks; for the upkeep's threads and for a resuming caller. */
    void check() {
        check.run();
    }

    /** Names the reason for the room's end before the store is asked to end it, in case it is seen to be gone first. */
    void expectDestroy() {
        check.expect(EndReason.DESTROYED);
    }

    /** Takes what was read after a node; whether another page has to be read. */
    boolean link(FeedNode at, LogPage page) {
        return locked(() -> {
            FeedLog known = list;
            return known != null && link(known, at, page);
        });
    }

    private boolean link(FeedLog known, FeedNode at, LogPage page) {
        if (page.continuity() != Continuity.CONTINUOUS) {
            if (known.last() != at) {
                return true;
            }
            known.restart(page);
            check.historyRestarted();
        }
        for (LogEntry entry : page.entries()) {
            FeedNode last = known.last();
            if (entry.id().sequence() == last.sequence() && !entry.id().equals(last.id)) {
                return true; // What was linked meanwhile is not what was read: ask about the new end.
            }
            if (entry.id().sequence() == last.sequence() + 1) {
                link(known, entry);
            }
        }
        linkEarly(known);
        return !page.isLast();
    }

    /** Lets go of what was loaded for those who resumed. */
    void shrink() {
        locked(() -> {
            FeedLog known = list;
            if (known != null && loading == null) {
                known.shrink();
            }
        });
    }

    // ---- Subscribing ----

    /** Null where this feed has retired and another has to be made. */
    @Nullable
    FeedSubscription subscribe(Cursor cursor, @Nullable Member seat, Runnable wakeUp) {
        FeedSubscription subscription = new FeedSubscription(this, seat, wakeUp);
        boolean added = cursor instanceof Cursor.After after
                ? new FeedLoader(this, registry.store()).resume(subscription, after.entry())
                : locked(() -> addAfter(subscription, null, null));
        return added ? subscription : null;
    }

    /** Under the lock. A null node is the list's end. */
    private boolean addAfter(FeedSubscription subscription, @Nullable FeedNode node, @Nullable ResetReason reset) {
        FeedLog known = list;
        if (known == null) {
            return false;
        }
        subscription.startAfter(node == null ? known.last() : node, reset);
        FeedSubscription[] more = Arrays.copyOf(subscriptions, subscriptions.length + 1);
        more[more.length - 1] = subscription;
        subscriptions = more;
        return true;
    }

    /** Where a resuming subscriber's place is; where it is at hand, the subscription is there when this returns. */
    Place addAt(FeedSubscription subscription, EntryId wanted, @Nullable ResetReason reset) {
        return locked(() -> {
            FeedLog known = list;
            if (known == null) {
                return Place.RETIRED;
            }
            FeedNode node = known.find(wanted);
            if (node == null) {
                return known.placeOfAbsent(wanted);
            }
            addAfter(subscription, node, reset);
            return Place.HERE;
        });
    }

    /** Where a resuming subscriber's place is. */
    enum Place {
        /** In the list. */
        HERE,
        /** Before the list, or at a beginning whose identity only the store can verify. */
        OLDER,
        /** After the list's end. */
        AHEAD,
        /** Nowhere: the sequence belongs to another entry. */
        FORKED,
        /** Nowhere: the log no longer keeps it. */
        TRUNCATED,
        /** Unknown: this feed hears no more. */
        RETIRED
    }

    /** Begins a read of older entries; where one runs already, that one's future is returned to wait on. */
    @Nullable
    CompletableFuture<Void> beginLoading(CompletableFuture<Void> mine) {
        return locked(() -> {
            CompletableFuture<Void> running = loading;
            if (running == null) {
                loading = mine;
            }
            return running;
        });
    }

    void endLoading(CompletableFuture<Void> mine) {
        locked(() -> loading = null);
        mine.complete(null);
    }

    void prepend(EntryId place, List<LogEntry> older, FeedLog.Beginning beginning) {
        locked(() -> {
            FeedLog known = list;
            if (known != null) {
                known.prepend(place, older, beginning);
            }
        });
    }

    // ---- Ending ----

    void remove(FeedSubscription subscription) {
        if (retired) {
            return; // Nobody walks the set again.
        }
        boolean empty = locked(() -> {
            subscriptions = Arrays.stream(subscriptions)
                    .filter(other -> other != subscription)
                    .toArray(FeedSubscription[]::new);
            return subscriptions.length == 0;
        });
        if (empty) {
            retireIfEmpty();
        }
    }

    /** Stops listening where nobody is left. */
    void retireIfEmpty() {
        if (locked(() -> subscriptions.length == 0 && retire())) {
            release();
        }
    }

    /** Ends for this node alone: the subscribers are cut off without an event. */
    void close() {
        FeedSubscription[] left = subscriptions;
        if (locked(this::retire)) {
            release();
        }
        for (FeedSubscription subscription : left) {
            subscription.cut();
        }
    }

    /** Ends the room here: all content is let go at once, and every subscriber is told. */
    void end(EndReason reason) {
        boolean first = locked(() -> {
            if (!retired) {
                // Before the list goes: who finds no list finds the reason.
                end = new EncodedOnce(new RoomEvent.RoomDestroyed(reason));
            }
            return retire();
        });
        if (first) {
            release();
            for (FeedSubscription subscription : subscriptions) {
                subscription.releaseList();
            }
            sweeper.sweepElsewhere();
            tellOfEnd(reason);
        }
    }

    /** Elsewhere, because a broadcaster's thread may be the one that hears of it. */
    private void tellOfEnd(EndReason reason) {
        if (registry.telemetry().isObserved()) {
            registry.tryExecute(() -> registry.telemetry().tell(observer -> observer.roomEnded(reason)));
        }
    }

    /** A subscription has taken these. */
    void delivered(List<SharedEvent> taken) {
        registry.telemetry().delivered(taken);
    }

    /** Under the lock. */
    private boolean retire() {
        boolean first = !retired;
        retired = true;
        list = null;
        return first;
    }

    private void release() {
        registry.forget(this);
        Registration made = registration;
        if (made != null) {
            made.close();
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }
}
