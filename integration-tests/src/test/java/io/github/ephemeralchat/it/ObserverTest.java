package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.metrics.ChatStats;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.Intercepted;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What an observer is told, on which threads, and that it can harm nobody. */
@Isolated("it listens to the log of the whole JVM")
class ObserverTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** An observer all of whose methods do the same. */
    private static ChatObserver each(Consumer<Method> deed) {
        return Intercepted.of(ChatObserver.class, call -> {
            deed.accept(call.method());
            return null;
        });
    }

    private static List<RoomEvent> talk(EphemeralChatService chat) {
        Membership anna = chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
        List<RoomEvent> heard = new CopyOnWriteArrayList<>();
        chat.subscribe(anna.room().id(), Cursor.start(), heard::add);
        Membership ben = chat.join(anna.room().id(), Identity.anonymous());
        chat.as(anna.room().id(), ben.token()).post("hello");
        chat.as(anna.room().id(), ben.token()).leave();
        Await.until(TIMEOUT, "all that was said", () -> heard.size() == 4);
        chat.asHost(anna.room().id()).destroy();
        Await.until(TIMEOUT, "the end", () -> heard.contains(new RoomDestroyed(EndReason.DESTROYED)));
        return heard;
    }

    @Test
    void oneThatThrowsChangesNothingAndIsComplainedOfOnce() {
        Set<String> told = ConcurrentHashMap.newKeySet();
        ChatObserver broken = each(method -> {
            throw new AssertionError("a host that quotes " + method);
        });
        List<String> complaints = complaintsDuring(() -> {
            try (EphemeralChatService chat = EphemeralChatService.builder(MemoryRoomStore.create())
                    .observer(broken)
                    .observer(each(method -> told.add(method.getName())))
                    .build()) {
                assertThat(talk(chat)).hasSize(5);
                Await.until(TIMEOUT, "the other observer", () -> told.contains("roomEnded"));
            }
        });
        assertThat(told)
                .contains("started", "roomCreated", "participantJoined", "messagePosted", "participantLeft")
                .contains("storeCalled", "closed");
        assertThat(complaints)
                .singleElement()
                .asString()
                .contains("AssertionError")
                .doesNotContain("quotes");
    }

    private static List<String> complaintsDuring(Runnable deed) {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().format(line)); // With the stack trace.
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger ours = Logger.getLogger("io.github.ephemeralchat.internal.telemetry.Telemetry");
        ours.setLevel(Level.WARNING);
        ours.addHandler(handler);
        try {
            deed.run();
        } finally {
            ours.removeHandler(handler);
            ours.setLevel(null);
        }
        return lines;
    }

    /** What a broadcaster carries on threads that are not to be held: a node far away ends the room. */
    @Test
    void aBroadcastersThreadNeverRunsAnObserver() throws Exception {
        List<Consumer<RoomSignal>> far = new CopyOnWriteArrayList<>();
        RoomBroadcaster wire = new RoomBroadcaster() {
            @Override
            public void publish(RoomSignal signal) {}

            @Override
            public Registration subscribe(io.github.ephemeralchat.model.RoomId room, Consumer<RoomSignal> callback) {
                far.add(callback);
                return () -> {};
            }

            @Override
            public void publishToAll(NodeSignal signal) {}

            @Override
            public Registration subscribeToAll(Consumer<NodeSignal> listener) {
                return () -> {};
            }
        };
        Set<String> threads = ConcurrentHashMap.newKeySet();
        ChatObserver ended = new ChatObserver() {
            @Override
            public void roomEnded(EndReason reason) {
                threads.add(Thread.currentThread().getName());
            }
        };
        try (EphemeralChatService chat = EphemeralChatService.builder(MemoryRoomStore.create())
                .broadcaster(wire)
                .observer(ended)
                .build()) {
            Membership anna = chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
            chat.subscribe(anna.room().id(), Cursor.start(), event -> {});
            RoomSignal end = new RoomSignal.Destroyed(anna.room().incarnation());
            Thread loop = new Thread(() -> far.forEach(callback -> callback.accept(end)), "event-loop");
            loop.start();
            loop.join();
            Await.until(TIMEOUT, "the end", () -> !threads.isEmpty());
        }
        assertThat(threads).doesNotContain("event-loop");
    }

    @Test
    void theFiguresAreThereWithoutAnyObserver() {
        RoomStore store = MemoryRoomStore.create();
        try (EphemeralChatService chat = EphemeralChatService.create(store)) {
            ChatStats figures = chat.stats();
            List<RoomEvent> heard = talk(chat);
            assertThat(figures.eventsDelivered()).isEqualTo(heard.size());
            assertThat(figures.rooms()).isZero();
            assertThat(figures.subscriptions()).isZero();
        }
    }
}
