package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.scripted.ManualExecutor;
import io.github.ephemeralchat.scripted.ManualTime;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A node whose time, threads and decoder a test steers, over a scripted store and broadcaster. */
final class TestNode {

    private static final Actor OWNER = new Actor.ByToken(TokenHash.of("owner"));

    static final Duration TICK = Duration.ofMillis(100);
    static final Duration HOUR = Duration.ofHours(1);

    final ScriptedStore store;
    final ScriptedBroadcaster broadcaster;
    final ManualTime time = new ManualTime();
    final ManualExecutor dispatches = new ManualExecutor();
    final ManualExecutor checks = new ManualExecutor();
    /** Why rooms have ended, as this node's host is told. */
    final List<EndReason> told = new CopyOnWriteArrayList<>();

    final FeedRegistry feeds;
    volatile Function<LogEntry, SharedEvent> decoder = EventCodec::decode;

    private final AtomicInteger keys = new AtomicInteger();

    TestNode(ChatObserver... observers) {
        this(new ScriptedStore(), new ScriptedBroadcaster(), observers);
    }

    TestNode(ScriptedStore store, ScriptedBroadcaster broadcaster, ChatObserver... observers) {
        this(store, broadcaster, Long.MAX_VALUE, observers);
    }

    TestNode(ScriptedStore store, ScriptedBroadcaster broadcaster, long maxHistoryBytes, ChatObserver... observers) {
        this.store = store;
        this.broadcaster = broadcaster;
        Engine engine = new Engine(time, dispatches, checks, entry -> decoder.apply(entry), maxHistoryBytes);
        feeds = new FeedRegistry(
                store, broadcaster, new Telemetry(List.of(observers)), (room, reason) -> told.add(reason), engine);
    }

    Room newRoom() {
        return store.newRoom(HOUR);
    }

    // ---- Writing ----

    /** Appends, and announces nothing: the signal was lost, or is still to be delivered. */
    Appended append(Room room, String text) {
        return store.change(room.id(), OWNER, new RoomChange.Post(draft(text))).orElseThrow();
    }

    /** Appends a message with a life of its own, and announces nothing. */
    Appended append(Room room, String text, Duration ttl, Integer claims) {
        RoomChange change = new RoomChange.Post(draft(text).withLife(ttl, claims));
        return store.change(room.id(), OWNER, change).orElseThrow();
    }

    /** Posts a message with a life of its own through this node. */
    Appended post(Room room, String text, Duration ttl) {
        Appended appended = append(room, text, ttl, null);
        feeds.announce(appended, null);
        return appended;
    }

    /** Forgets a message, and announces nothing. */
    Appended forget(Room room, Appended message) {
        RoomChange change = new RoomChange.Forget(message.entry().id().sequence());
        return store.change(room.id(), OWNER, change).orElseThrow();
    }

    private Draft draft(String text) {
        return new Draft(LogEntry.MESSAGE, "k" + keys.incrementAndGet(), text);
    }

    /** Posts through this node. */
    Appended post(Room room, String text) {
        Appended appended = append(room, text);
        feeds.announce(appended, null);
        return appended;
    }

    void posts(Room room, int from, int to) {
        for (int i = from; i <= to; i++) {
            post(room, "m" + i);
        }
    }

    /** Appends messages called m2, m3 and so on after their sequences. */
    void appendUpTo(Room room, long sequence) {
        for (long next = store.inside(room).head().sequence() + 1; next <= sequence; next++) {
            append(room, "m" + next);
        }
    }

    Member join(Room room, String id) {
        return store.join(room.id(), JoinRequest.named(new Identity(id, id), TokenHash.of(id)))
                .seat()
                .member();
    }

    /** Frees a seat through this node. */
    void leave(Room room, String id) {
        feeds.announce(free(room, id), null);
    }

    /** Frees a seat, and announces nothing. */
    Appended free(Room room, String id) {
        return store.change(room.id(), ScriptedStore.HOST, new RoomChange.Leave(id))
                .orElseThrow();
    }

    /** Moves a room's end, and announces nothing. */
    Appended moveEnd(Room room, Duration fromNow) {
        RoomChange change = new RoomChange.Deadline(store.now().plus(fromNow));
        return store.change(room.id(), OWNER, change).orElseThrow();
    }

    // ---- Listening ----

    Subscription subscribe(Room room, Cursor cursor) {
        return subscribe(room, null, cursor, () -> {});
    }

    Subscription subscribe(Room room, Member member, Cursor cursor) {
        return subscribe(room, member, cursor, () -> {});
    }

    Subscription subscribe(Room room, Member member, Cursor cursor, Runnable wakeUp) {
        return feeds.subscribe(room, store.inside(room).head(), member, cursor, wakeUp);
    }

    static List<String> poll(Subscription subscription) {
        return subscription.poll(Integer.MAX_VALUE).stream()
                .map(event -> text(event.event()))
                .toList();
    }

    static String text(RoomEvent event) {
        if (event instanceof RoomEvent.MessagePosted posted) {
            return text(posted.message());
        } else if (event instanceof RoomEvent.ParticipantJoined joined) {
            return joined.identity().id() + " joined";
        } else if (event instanceof RoomEvent.ParticipantLeft left) {
            return left.identity().id() + " left";
        } else if (event instanceof RoomEvent.HistoryReset reset) {
            return reset.reason() + " from " + reset.firstSequence();
        }
        if (event instanceof RoomEvent.DeadlineMoved) {
            return "moved";
        } else if (event instanceof RoomEvent.MessageForgotten forgotten) {
            return forgotten.messageSequence() + " is " + forgotten.reason().value();
        } else if (event instanceof RoomEvent.MessageExpired expired) {
            return expired.messageSequence() + " is over";
        } else if (event instanceof RoomEvent.MessageClaimed claimed) {
            return claimed.messageSequence() + " has " + claimed.left() + " claims";
        }
        return "ended: " + ((RoomEvent.RoomDestroyed) event).reason();
    }

    private static String text(Message message) {
        BodyLife life = message.life();
        if (life.forgotten() != null) {
            return message.text() + "(" + life.forgotten().value() + ")";
        }
        return life.claimsLeft() == null ? message.text() : message.text() + "(" + life.claimsLeft() + " claims)";
    }

    static Cursor after(Appended appended) {
        return Cursor.after(appended.entry().id());
    }

    static Cursor after(long sequence) {
        return Cursor.after(EntryId.at(sequence));
    }

    // ---- Time ----

    /** Lets time pass, then ticks once and runs what that leads to. */
    void pass(Duration duration) {
        time.pass(duration);
        store.pass(duration);
        tick();
    }

    void tick() {
        feeds.maintenance.tick();
        run();
    }

    void run() {
        while (checks.size() + dispatches.size() > 0) {
            checks.runAll();
            dispatches.runAll();
        }
    }
}
