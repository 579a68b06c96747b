package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.metrics.ChatStats;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feeds of this node: one for each room that somebody here listens to. Thread-safe. */
public final class FeedRegistry {

    private static final Logger log = LoggerFactory.getLogger(FeedRegistry.class);

    private static final Duration TICK = Duration.ofMillis(100);
    /** As a rule a start is one subscribe and one read, each of which may take 2.5 seconds. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(6);

    private static final int MAX_ATTEMPTS = 16;

    final RoomStore store;
    final Telemetry telemetry;
    final Engine engine;
    final FeedMaintenance maintenance;
    final HistoryBudget history;
    final RecentSeats recentSeats = new RecentSeats();
    final Openings openings = new Openings();
    final Presences presences;
    /** By it this node knows its own signals: what these tell it has done. */
    final long node = ThreadLocalRandom.current().nextLong();

    private final CueSender cues = new CueSender(this);
    final RoomBroadcaster broadcaster;
    final EndedRooms endedRooms;
    private final ConcurrentMap<RoomIncarnation, RoomFeed> feeds = new ConcurrentHashMap<>();
    private volatile boolean closed;

    FeedRegistry(
            RoomStore store,
            RoomBroadcaster broadcaster,
            Telemetry telemetry,
            @Nullable BiConsumer<RoomId, EndReason> onEnd,
            Engine engine) {
        this.store = store;
        this.broadcaster = broadcaster;
        this.telemetry = telemetry;
        this.endedRooms = new EndedRooms(telemetry, engine.dispatchExecutor(), onEnd);
        this.engine = engine;
        this.history = new HistoryBudget(engine.maxHistoryBytes());
        this.maintenance = new FeedMaintenance(store, engine.nanoTime(), engine.checkExecutor());
        this.presences = new Presences(this);
    }

    /**
     * Creates a registry with threads of its own.
     *
     * @param store where rooms are kept
     * @param broadcaster carries signals between nodes
     * @param telemetry what is counted and observed
     * @param onEnd told once of each room that this node has destroyed, or that has expired or was lost while it had a
     *     feed here; called on any thread but a broadcaster's, so it must not block; null if nobody wants to know
     * @return a registry without feeds
     */
    public static FeedRegistry start(
            RoomStore store,
            RoomBroadcaster broadcaster,
            Telemetry telemetry,
            @Nullable BiConsumer<RoomId, EndReason> onEnd) {
        FeedRegistry registry = new FeedRegistry(store, broadcaster, telemetry, onEnd, Engine.start(broadcaster));
        registry.maintenance.start(TICK);
        registry.presences.tickEvery(TICK);
        return registry;
    }

    Deadline deadline() {
        return new Deadline(engine.nanoTime(), START_TIMEOUT.toNanos());
    }

    /**
     * Returns what subscribers get of a post.
     *
     * @param entry a message, a notice, or an entry of a kind of the host's
     */
    public SharedEvent posted(LogEntry entry) {
        return Objects.requireNonNull(
                engine.decoder().apply(entry), "a post is understood by the node that has made it");
    }

    /** A node of an entry, which is decoded here unless that was done before: not to be called under a lock. */
    FeedNode node(LogEntry entry, @Nullable SharedEvent event) {
        return FeedNode.of(entry, event == null ? engine.decoder().apply(entry) : event);
    }

    /** {@return false once this is closed} */
    public boolean isOpen() {
        return !closed;
    }

    /**
     * Checks that this is not closed.
     *
     * @throws IllegalStateException if it is
     */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the service is closed");
        }
    }

    // ---- Subscribing ----

    /**
     * Subscribes to a room.
     *
     * @param room the room, as the store knows it
     * @param head the newest entry of its log at that moment
     * @param member the member that subscribes, as of the head; null for the host
     * @param cursor where to begin
     * @param wakeUp called when there is something to poll; must not block
     * @return the subscription
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if the room has ended
     * @throws io.github.ephemeralchat.model.NotAParticipantException if the member has left
     * @throws ChatUnavailableException if the store cannot be reached
     * @throws IllegalStateException if this is closed
     */
    public Subscription subscribe(Room room, EntryId head, @Nullable Member member, Cursor cursor, Runnable wakeUp) {
        return subscribe(room, head, member, cursor, wakeUp, openings.revokedBefore());
    }

    /**
     * Subscribes to a room in the name of a member that the store is asked about first. If its identity is revoked from then
     * on, the subscription ends.
     *
     * @param lookUp asks the store; what it throws is thrown here
     * @param cursor where to begin
     * @param wakeUp called when there is something to poll; must not block
     * @return the subscription
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if the room has ended
     * @throws io.github.ephemeralchat.model.NotAParticipantException if the member has left
     * @throws ChatUnavailableException if the store cannot be reached
     * @throws IllegalStateException if this is closed
     */
    public Subscription subscribe(Supplier<Seat> lookUp, Cursor cursor, Runnable wakeUp) {
        long revokedBefore = openings.revokedBefore();
        Seat seat = lookUp.get();
        return subscribe(seat.room(), seat.head(), seat.member(), cursor, wakeUp, revokedBefore);
    }

    private Subscription subscribe(
            Room room, EntryId head, @Nullable Member member, Cursor cursor, Runnable wakeUp, long revokedBefore) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            requireOpen();
            RoomFeed feed = startedFeed(room, head, cursor);
            FeedSubscription subscription = feed.subscribe(head, member, cursor, wakeUp, revokedBefore);
            if (subscription != null) {
                // The signal of a moved deadline may have been lost, and whoever comes now has asked the store.
                feed.state.moveDeadline(head.sequence(), room.expiresAt());
                return subscription;
            }
            forget(feed);
        }
        throw new ChatUnavailableException("the room's feed ends as soon as it starts");
    }

    /** The first subscriber starts the feed; the others wait for that, and share its failure. */
    private RoomFeed startedFeed(Room room, EntryId head, Cursor cursor) {
        RoomFeed feed = new RoomFeed(room, this);
        RoomFeed present = feeds.putIfAbsent(room.incarnation(), feed);
        if (present != null) {
            deadline().await(present.started);
            return present;
        }
        try {
            feed.start(broadcaster, head, cursor);
            maintenance.add(feed);
        } catch (Throwable e) {
            feed.close();
            feed.started.completeExceptionally(e); // Whatever it is: others wait for it.
            throw e;
        }
        if (closed) {
            feed.close(); // close() may have walked the map before this feed was in it.
        }
        if (feed.state.isEnded()) {
            maintenance.forget(feed); // It ended while it was being added.
        }
        return feed;
    }

    // ---- What happens on this node ----

    /**
     * Announces an entry that was just appended: links it here, publishes its signal unless the store has done so
     * already, and wakes this node's subscribers up on the calling thread. If the store's own signal was faster, the feed
     * knows the entry by now.
     *
     * <p>So does a repeated post, unless the store has announced the entry as it stored it: the earlier call may have failed
     * between the two. Feeds that do not have the entry then read it.
     *
     * @param appended the answer of the store
     * @param event what subscribers get of the entry, null if it is not made yet
     */
    public void announce(Appended appended, @Nullable SharedEvent event) {
        if (!appended.stored() && appended.announced()) {
            return;
        }
        RoomSignal.EntryAppended signal = appended.signal();
        RoomFeed feed = feeds.get(appended.room());
        boolean linked = feed != null && feed.accept(signal, event);
        if (!appended.announced()) {
            publish(signal);
        }
        if (feed != null && linked) {
            feed.dispatcher.dispatch();
        }
    }

    /**
     * Tells the others in a room something that is kept nowhere. More than one of a kind and sender in a second are dropped.
     *
     * @param room the room
     * @param senderId the id of the sender's identity, who does not get it
     * @param kind what it is
     * @param body what it says
     */
    public void cue(RoomIncarnation room, String senderId, String kind, String body) {
        cues.send(room, senderId, kind, body);
    }

    /**
     * Tells who is connected to a room with presence, on all nodes.
     *
     * @param room the room
     * @return the ids of their identities; nothing if nobody on this node listens to the room
     */
    public Optional<Set<String>> present(RoomIncarnation room) {
        return presences.present(room);
    }

    /** The feed of a room; null if nobody on this node listens to it. */
    @Nullable
    RoomFeed feed(RoomIncarnation room) {
        return feeds.get(room);
    }

    /**
     * Waits until an entry was dispatched to this node's subscribers.
     *
     * @param room the room
     * @param sequence the entry's
     * @param atMost the longest wait
     */
    public void awaitDispatch(RoomIncarnation room, long sequence, Duration atMost) {
        RoomFeed feed = feeds.get(room);
        if (feed != null) {
            feed.dispatcher.await(sequence, atMost);
        }
    }

    /**
     * Destroys a room in the store, and tells the subscribers on this node and the others.
     *
     * @param room the room
     * @param actor in whose name
     * @return whether it lived until now
     * @throws io.github.ephemeralchat.model.NotAParticipantException if the actor is neither the host nor a member
     * @throws io.github.ephemeralchat.model.NotPermittedException if the actor's role does not allow it
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public boolean destroy(RoomIncarnation room, Actor actor) {
        RoomFeed before = feeds.get(room);
        boolean lived = destroy(room, actor, before);
        RoomFeed feed = feeds.get(room);
        if (feed != null) {
            endDestroyed(feed);
        }
        publish(new RoomSignal.Destroyed(room));
        if (lived && feed == null && (before == null || before.state.end() == null)) {
            // A feed reports its room's end by itself; here there is none.
            telemetry.tell(observer -> observer.roomEnded(EndReason.DESTROYED));
        }
        if (lived) {
            endedRooms.tell(room, EndReason.DESTROYED);
        }
        return lived;
    }

    private boolean destroy(RoomIncarnation room, Actor actor, @Nullable RoomFeed feed) {
        if (feed == null) {
            return store.destroy(room, actor);
        }
        feed.reader.destroyBegins(); // A check that finds no room meanwhile takes it for destroyed.
        boolean known = false;
        try {
            boolean lived = store.destroy(room, actor);
            known = true;
            return lived;
        } catch (NotAParticipantException | NotPermittedException e) {
            known = true;
            throw e;
        } finally {
            feed.reader.destroyEnds(known);
            if (!known) {
                feed.checkSoon();
            }
        }
    }

    /** Ends the feed of a room that is destroyed; if that was a call on this node whose answer was lost, tells of it. */
    void endDestroyed(RoomFeed feed) {
        boolean here = feed.reader.hasDestroyFailed();
        if (feed.end(EndReason.DESTROYED) && here) {
            endedRooms.tell(feed.room.incarnation(), EndReason.DESTROYED);
        }
    }

    /** A signal is a hint: what it tells of has happened, whether it can be sent or not. */
    boolean publish(RoomSignal signal) {
        try {
            broadcaster.publish(signal);
            return true;
        } catch (RuntimeException e) {
            log.debug("A signal was not sent", Failures.withoutMessages(e));
            return false;
        }
    }

    void forget(RoomFeed feed) {
        feeds.remove(feed.room.incarnation(), feed);
        maintenance.forget(feed);
    }

    /** Ends all feeds, and the threads. Idempotent. */
    public void close() {
        closed = true;
        maintenance.close();
        presences.close();
        feeds.values().forEach(RoomFeed::close);
        engine.dispatchExecutor().shutdown();
        engine.checkExecutor().shutdownNow();
    }

    // ---- Figures ----

    int size() {
        return feeds.size();
    }

    Stream<FeedSubscription> subscriptions() {
        return feeds.values().stream().flatMap(feed -> Arrays.stream(feed.state.subscriptions()));
    }

    /** {@return what this node carries and has carried} */
    public ChatStats stats() {
        return new FeedStats(this);
    }
}
