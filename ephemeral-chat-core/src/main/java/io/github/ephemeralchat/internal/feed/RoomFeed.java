package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.feed.FeedLog.SignalOrder;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
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
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One room on this node: the newest part of its log, shared by all its local subscribers.
 *
 * <p>It receives signals, but links an entry without a read only if that continues exactly what it has; otherwise it
 * reads the store. The lock guards the state, the log and the set of subscriptions; under it nothing is called out,
 * encoded or decoded.
 */
final class RoomFeed {

    private static final Logger log = LoggerFactory.getLogger(RoomFeed.class);
    private static final FeedSubscription[] NONE = {};

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
    private final ReentrantLock lock = new ReentrantLock();

    // Written under the lock, read anywhere.
    private volatile State state = State.NEW;
    /** Null unless the feed is LISTENING: what has ended keeps no content. */
    private volatile @Nullable FeedLog entries;
    /** Null unless the room has ended. */
    private volatile @Nullable SharedEvent end;
    /** Written once, while the feed is NEW. */
    private volatile @Nullable Registration registration;

    private volatile FeedSubscription[] subscriptions = NONE;

    /** Guarded by the lock: whether a check was asked for before there was anything to compare. */
    private boolean checkWhenListening;

    RoomFeed(Room room, FeedRegistry registry) {
        this.room = room;
        this.registry = registry;
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

    // ---- Starting ----

    /** Registers first and reads second, so that nothing is missed between. Called once. */
    void start(RoomBroadcaster broadcaster, EntryId head, Cursor cursor) {
        Registration made = broadcaster.subscribe(room.id(), this::onSignal);
        boolean wanted = locked(() -> {
            registration = state == State.NEW ? made : null;
            return state == State.NEW;
        });
        if (!wanted) {
            close(made);
        }
        if (!wanted || !listen(reader.read(head, cursor))) {
            throw end == null ? FeedRegistry.closed() : new RoomNotFoundException();
        }
        started.complete(null);
    }

    private boolean listen(FeedLog read) {
        boolean check = locked(() -> {
            state = state == State.NEW ? State.LISTENING : state;
            entries = state == State.LISTENING ? read : null;
            return checkWhenListening;
        });
        if (check) {
            checkSoon();
        }
        return !isEnded();
    }

    FeedLog newLog(FeedNode begin) {
        return new FeedLog(begin, this::onLeft);
    }

    /** Under the lock. */
    private void onLeft(ParticipantLeft left) {
        for (FeedSubscription subscription : subscriptions) {
            subscription.seatFreed(left);
        }
    }

    // ---- Signals ----

    /** On the broadcaster's thread: hands over and returns. */
    private void onSignal(RoomSignal signal) {
        if (signal instanceof RoomSignal.Destroyed destroyed && isThisIncarnation(destroyed.room())) {
            end(EndReason.DESTROYED);
        } else if (signal instanceof RoomSignal.EntryAppended appended && isThisIncarnation(appended.room())) {
            if (accept(appended, null)) {
                dispatcher.dispatchAsync();
            }
        } else {
            // A signal of another incarnation may be late, or say that this one has ended: the store knows.
            checkSoon();
        }
    }

    private boolean isThisIncarnation(RoomIncarnation incarnation) {
        return room.incarnation().equals(incarnation);
    }

    void checkSoon() {
        boolean listening = locked(() -> {
            checkWhenListening = state == State.NEW;
            return state == State.LISTENING;
        });
        if (listening) {
            registry.maintenance.checkSoon(this);
        }
    }

    /**
     * Links an entry if it is the next one; in any doubt the store is read soon.
     *
     * @param event what subscribers get of the entry, null if it is not made yet
     * @return whether it was linked
     */
    boolean accept(RoomSignal.EntryAppended signal, @Nullable SharedEvent event) {
        LogEntry entry = signal.entry();
        FeedNode newest = newest();
        boolean isNew = newest != null && signal.position().sequence() > newest.sequence();
        FeedNode node = isNew && entry != null ? registry.node(entry, event) : null;
        SignalOrder order = locked(() -> {
            FeedLog known = entries;
            return known == null ? SignalOrder.UNSURE : known.link(signal, node);
        });
        if (order == SignalOrder.UNSURE) {
            checkSoon();
        } else if (order == SignalOrder.EARLY) {
            registry.maintenance.checkGap(this);
        }
        return order == SignalOrder.NEXT;
    }

    /** Whether entries came whose predecessors have not. */
    boolean hasGap() {
        return locked(() -> {
            FeedLog known = entries;
            return known != null && known.hasGap();
        });
    }

    /**
     * Links what was read after a node.
     *
     * @return whether another page has to be read
     */
    boolean link(FeedNode at, LogPage page) {
        List<FeedNode> nodes = registry.nodes(page);
        FeedNode reset = page.continuity() == Continuity.CONTINUOUS ? null : reset(page);
        return locked(() -> {
            FeedLog known = entries;
            if (known == null) {
                return false;
            }
            if (reset != null) {
                if (known.last() != at) {
                    return true;
                }
                known = known.restart(reset);
                entries = known;
                reader.historyRestarted();
            }
            return known.link(nodes) || !page.isLast();
        });
    }

    private static FeedNode reset(LogPage page) {
        ResetReason reason = page.continuity() == Continuity.FORKED ? ResetReason.FORKED : ResetReason.TRUNCATED;
        SharedEvent reset = new EncodedOnce(new HistoryReset(reason, page.firstSequence()));
        return FeedNode.reset(EntryId.at(page.firstSequence() - 1), reset);
    }

    /** Links a chain of older nodes, unless the log is another one by now. */
    void prepend(FeedLog to, FeedNode chain) {
        locked(() -> {
            if (entries == to) {
                to.prepend(chain);
            }
            return null;
        });
    }

    /** Drops what was loaded for clients that resumed. */
    void shrink() {
        locked(() -> {
            FeedLog known = entries;
            if (known != null && !reader.isLoading()) {
                known.shrink();
            }
            return null;
        });
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
        FeedSubscription subscription = new FeedSubscription(this, registry.telemetry, member, wakeUp);
        try {
            boolean added = cursor instanceof Cursor.After after
                    ? reader.resume(subscription, after.entry())
                    : locked(() -> entries != null && add(subscription, Objects.requireNonNull(newest()), null));
            if (added && !reader.isSeatedSince(head, subscription)) {
                throw new NotAParticipantException();
            }
            return added ? subscription : null;
        } catch (Throwable e) {
            subscription.close(); // It may have been added.
            throw e;
        }
    }

    /** Adds a subscription after the wanted entry, if that is in the log. */
    boolean addAfter(EntryId wanted, FeedSubscription subscription, @Nullable ResetReason reset) {
        return locked(() -> {
            FeedLog known = entries;
            FeedNode node = known == null ? null : known.find(wanted);
            return node != null && add(subscription, node, reset);
        });
    }

    private boolean add(FeedSubscription subscription, FeedNode node, @Nullable ResetReason reset) {
        subscription.startAfter(node, reset);
        FeedSubscription[] more = Arrays.copyOf(subscriptions, subscriptions.length + 1);
        more[more.length - 1] = subscription;
        subscriptions = more;
        return true;
    }

    void remove(FeedSubscription subscription) {
        if (isEnded()) {
            return; // Nobody walks the set again.
        }
        locked(() -> {
            subscriptions = Arrays.stream(subscriptions)
                    .filter(other -> other != subscription)
                    .toArray(FeedSubscription[]::new);
            return null;
        });
        closeIfUnused();
    }

    // ---- Ending ----

    /** Ends the feed if it has no subscription. */
    private void closeIfUnused() {
        if (locked(() -> subscriptions.length == 0 && stop(null))) {
            release();
        }
    }

    /** Ends the feed for this node alone: its subscriptions end without an event. */
    void close() {
        if (!locked(() -> stop(null))) {
            return;
        }
        release();
        for (FeedSubscription subscription : subscriptions) {
            subscription.cancel();
        }
    }

    /** Ends the room on this node: content is dropped at once, and every subscriber is woken up for the end. */
    void end(EndReason reason) {
        SharedEvent event = new EncodedOnce(new RoomEvent.RoomDestroyed(reason));
        if (!locked(() -> stop(event))) {
            return;
        }
        try {
            for (FeedSubscription subscription : subscriptions) {
                subscription.releaseLog();
            }
            dispatcher.dispatchAsync();
            registry.observeEnd(reason);
        } finally {
            release();
        }
    }

    /** Enters ENDED, under the lock. The end comes before the log goes: whoever finds no log finds the reason. */
    private boolean stop(@Nullable SharedEvent roomEnd) {
        if (state == State.ENDED) {
            return false;
        }
        end = roomEnd;
        state = State.ENDED;
        entries = null;
        return true;
    }

    private void release() {
        registry.forget(this);
        Registration made = registration;
        if (made != null) {
            close(made);
        }
    }

    /** A broadcaster that throws here keeps nobody from being told. */
    private static void close(Registration made) {
        try {
            made.close();
        } catch (RuntimeException e) {
            log.warn("A registration was not closed", Failures.withoutMessages(e));
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
}
