package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feeds of this node: one for each room that somebody here listens to. */
public final class FeedRegistry {

    private static final Logger log = LoggerFactory.getLogger(FeedRegistry.class);

    private final RoomStore store;
    private final RoomBroadcaster broadcaster;
    private final Telemetry telemetry;
    /** Runs sweeps that no posting thread carries. Only code that does not block: one slow host must not stop it. */
    private final ExecutorService sweeps = DaemonThreads.pool("ephemeral-chat-delivery", 2);

    private final FeedMaintenance upkeep;
    private final ConcurrentMap<RoomIncarnation, Started> feeds = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** A feed, and the moment from which it may be used. */
    private record Started(RoomFeed feed, CompletableFuture<Void> when) {}

    public FeedRegistry(RoomStore store, RoomBroadcaster broadcaster, Telemetry telemetry) {
        this.store = store;
        this.broadcaster = broadcaster;
        this.telemetry = telemetry;
        this.upkeep = new FeedMaintenance(store);
    }

    RoomStore store() {
        return store;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    public int size() {
        return feeds.size();
    }

    public Stream<FeedSubscription> subscriptions() {
        return feeds.values().stream().flatMap(started -> Arrays.stream(started.feed.subscriptions()));
    }

    public Subscription subscribe(Room room, EntryId head, @Nullable Member seat, Cursor cursor, Runnable wakeUp) {
        while (true) {
            if (closed) {
                throw new IllegalStateException("the service is closed");
            }
            RoomFeed feed = startedFeed(room);
            try {
                FeedSubscription subscription = feed.subscribe(cursor, seat, wakeUp);
                if (subscription != null) {
                    return subscription;
                }
            } catch (RuntimeException e) {
                feed.retireIfEmpty();
                throw e;
            }
            forget(feed);
        }
    }

    /** Whoever comes first starts the feed; the others wait for that, and share its failure. */
    private RoomFeed startedFeed(Room room) {
        Started present = feeds.get(room.incarnation());
        if (present == null) {
            Started mine = new Started(new RoomFeed(room, this), new CompletableFuture<>());
            present = feeds.putIfAbsent(room.incarnation(), mine);
            if (present == null) {
                start(mine);
                return mine.feed;
            }
        }
        try {
            present.when.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EphemeralChatException known) {
                throw known;
            }
            throw new ChatUnavailableException("the room's feed did not start", e);
        }
        return present.feed;
    }

    private void start(Started mine) {
        try {
            mine.feed.start(broadcaster);
            upkeep.add(mine.feed);
            mine.when.complete(null);
        } catch (Throwable e) {
            mine.feed.close();
            mine.when.completeExceptionally(e); // Whatever it is: others wait for it.
            throw e;
        }
        if (closed) {
            mine.feed.close(); // close() may have walked the map before this feed was in it.
        }
        if (mine.feed.isRetired()) {
            upkeep.forget(mine.feed); // It ended while it was being added.
        }
    }

    /**
     * Tells of an entry that was just appended: first the other nodes, then, on the calling thread, this node's
     * subscribers. The feed takes the entry before the signal goes out, which then is no news to it.
     *
     * @param delivery what the entry is to subscribers, null where nobody has made that yet
     */
    public void announce(Appended appended, @Nullable SharedEvent delivery) {
        if (!appended.stored()) {
            return;
        }
        RoomSignal.EntryAppended signal = appended.signal();
        Started started = feeds.get(appended.room());
        boolean taken = started != null && started.feed.accept(signal, delivery);
        if (!appended.announced()) {
            publish(signal);
        }
        if (started != null && taken) {
            started.feed.sweeper().sweep();
        }
    }

    public void awaitDispatch(RoomIncarnation room, long sequence, Duration atMost) {
        Started started = feeds.get(room);
        if (started != null) {
            started.feed.sweeper().awaitSweep(sequence, atMost);
        }
    }

    /** Before the store is asked to end a room: what is seen of that meanwhile has this reason. Null without a feed. */
    @Nullable
    public RoomFeed expectDestroy(RoomIncarnation room) {
        Started started = feeds.get(room);
        if (started == null) {
            return null;
        }
        started.feed.expectDestroy();
        return started.feed;
    }

    public void announceDestroyed(RoomIncarnation room) {
        Started started = feeds.get(room);
        if (started != null) {
            started.feed.end(EndReason.DESTROYED);
        }
        publish(new RoomSignal.Destroyed(room));
    }

    /** A signal is a hint: what it tells of has happened, whether it can be sent or not. */
    private void publish(RoomSignal signal) {
        try {
            broadcaster.publish(signal);
        } catch (RuntimeException e) {
            log.debug("A signal was not sent: {}", e.getClass().getName());
        }
    }

    /** Refused only once this is closed, when nobody is left to be woken. */
    boolean tryExecute(Runnable sweep) {
        try {
            sweeps.execute(sweep);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    void checkSoon(RoomFeed feed) {
        upkeep.checkSoon(feed);
    }

    void checkGap(RoomFeed feed) {
        upkeep.checkGap(feed);
    }

    void checkAgain(RoomFeed feed) {
        upkeep.checkAgain(feed);
    }

    boolean isPast(Instant deadline) {
        return !store.now().isBefore(deadline);
    }

    void forget(RoomFeed feed) {
        feeds.computeIfPresent(feed.room().incarnation(), (key, started) -> started.feed == feed ? null : started);
        upkeep.forget(feed);
    }

    public void close() {
        closed = true;
        upkeep.close();
        feeds.values().forEach(started -> started.feed.close());
        sweeps.shutdown();
    }
}
