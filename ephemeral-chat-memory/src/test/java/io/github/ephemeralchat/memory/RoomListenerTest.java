package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.RoomListener;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.SettableTime;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hosts hear of all rooms, over two nodes. */
class RoomListenerTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final SettableTime time = new SettableTime();
    private final RoomStore store = MemoryRoomStore.builder().timeSource(time).build();
    private final RoomBroadcaster broadcaster = RoomBroadcaster.local();
    private final Recorder here = new Recorder();
    private final Recorder there = new Recorder();
    private final EphemeralChatService chat = node(here);
    private final EphemeralChatService other = node(there);

    private EphemeralChatService node(RoomListener... listeners) {
        EphemeralChatService.Builder builder =
                EphemeralChatService.builder(store).broadcaster(broadcaster);
        List.of(listeners).forEach(builder::roomListener);
        return builder.build();
    }

    @AfterEach
    void close() {
        chat.close();
        other.close();
    }

    /** Writes down what it is told. */
    private static class Recorder implements RoomListener {
        final Queue<String> told = new ConcurrentLinkedQueue<>();

        @Override
        public void created(RoomId room, Participant owner) {
            told.add("created " + room.value() + " by " + owner.identity().name() + ", " + owner.role());
        }

        @Override
        public void joined(RoomId room, Participant participant) {
            told.add("joined " + room.value() + ": " + participant.identity().name() + ", " + participant.role());
        }

        @Override
        public void left(RoomId room, Identity identity) {
            told.add("left " + room.value() + ": " + identity.name());
        }

        @Override
        public void ended(RoomId room, EndReason reason) {
            told.add("ended " + room.value() + ": " + reason);
        }

        void awaitAll(String... expected) {
            Await.until(LIMIT, "all is told", () -> told.size() >= expected.length);
            assertThat(told).containsExactly(expected);
        }
    }

    private Membership create() {
        return chat.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    }

    @Test
    void whatHappens_isToldOnce_onTheNodeThatDidIt() {
        Membership anna = create();
        RoomId room = anna.room().id();
        String code = room.value();
        List<RoomEvent> seen = new CopyOnWriteArrayList<>();
        chat.subscribe(room, Cursor.start(), seen::add);
        other.subscribe(room, Cursor.start(), seen::add);
        Membership ben = chat.join(room, Identity.named("Ben"));
        chat.join(room, ben.identity()); // He has his seat.
        chat.as(room, ben.token()).post("hello");
        Membership carl = other.join(room, Identity.named("Carl"));
        chat.as(room, ben.token()).leave();
        other.asHost(room).remove(carl.identity().id());
        other.asHost(room).remove(carl.identity().id()); // He is gone.
        chat.asHost(room).destroy();
        chat.asHost(room).destroy();
        here.awaitAll(
                "created " + code + " by Anna, OWNER",
                "joined " + code + ": Ben, MEMBER",
                "left " + code + ": Ben",
                "ended " + code + ": DESTROYED");
        there.awaitAll("joined " + code + ": Carl, MEMBER", "left " + code + ": Carl");
        Await.until(
                LIMIT,
                "both see the end",
                () -> seen.stream()
                                .filter(RoomEvent.RoomDestroyed.class::isInstance)
                                .count()
                        == 2);
        here.awaitAll(here.told.toArray(String[]::new));
        assertThat(there.told).hasSize(2);
    }

    @Test
    void expiry_isToldWhereSomebodyListened() {
        RoomId room = create().room().id();
        RoomId unheard = create().room().id();
        other.subscribe(room, Cursor.start(), event -> {});
        time.advance(Duration.ofMinutes(10));
        there.awaitAll("ended " + room.value() + ": EXPIRED");
        assertThat(here.told).noneMatch(told -> told.startsWith("ended"));
        assertThat(there.told).noneMatch(told -> told.contains(unheard.value()));
    }

    @Test
    void listenerThatBlocks_stopsNobody() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        Recorder others = new Recorder();
        Recorder slow = new Recorder() {
            @Override
            public void created(RoomId room, Participant owner) {
                if (told.isEmpty()) {
                    super.created(room, owner);
                    blocked.countDown();
                    awaitUninterrupted(never);
                } else {
                    super.created(room, owner);
                }
            }
        };
        try (EphemeralChatService node = node(slow, others)) {
            Membership first = node.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
            blocked.await();
            node.as(first.room().id(), first.token()).post("goes on");
            List<RoomEvent> heard = new CopyOnWriteArrayList<>();
            node.subscribe(first.room().id(), Cursor.start(), heard::add);
            node.createRoom(RoomOptions.defaults(), Identity.named("Ben"));
            Await.until(LIMIT, "other rooms are told", () -> slow.told.size() == 2);
            Await.until(LIMIT, "other listeners are told", () -> others.told.size() == 2);
            Await.until(LIMIT, "subscribers hear", () -> heard.size() == 2);
            never.countDown();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void listenerThatThrows_stopsNobody() {
        Recorder others = new Recorder();
        RoomListener broken = new RoomListener() {
            @Override
            public void created(RoomId room, Participant owner) {
                throw new IllegalStateException("thrown by a test's listener");
            }
        };
        try (EphemeralChatService node = node(broken, others)) {
            node.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
            node.createRoom(RoomOptions.defaults(), Identity.named("Ben"));
            Await.until(LIMIT, "the other listener is told", () -> others.told.size() == 2);
        }
    }
}
