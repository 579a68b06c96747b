package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.Intercepted;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A room in which somebody talks all the time, on a store that takes its time. */
class BusyRoomTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** What happens between a room's end in the store and its signal. */
    private interface Pause {
        void run() throws InterruptedException;
    }

    private Pause afterDestroy = () -> {};
    private final AtomicInteger reads = new AtomicInteger();
    private final RoomStore longLogs = MemoryRoomStore.builder()
            .logLimits(new LogLimits(60_000, 64L << 20))
            .build();
    private final RoomStore store = slow(longLogs);
    private final EphemeralChatService service = EphemeralChatService.create(store);

    @AfterEach
    void close() {
        service.close();
    }

    /** The same store, with 2 ms for each read of a log, as over a network. */
    private RoomStore slow(RoomStore target) {
        return Intercepted.of(RoomStore.class, target, call -> {
            if (call.is("readAfter")) {
                reads.incrementAndGet();
                Thread.sleep(2);
            }
            try {
                return call.proceed();
            } finally {
                if (call.is("destroy")) {
                    afterDestroy.run();
                }
            }
        });
    }

    private Membership newRoom() {
        return service.createRoom(RoomOptions.defaults(), Identity.anonymous());
    }

    private void post(Membership as, String text) {
        service.as(as.room().id(), as.token()).post(text);
    }

    @Test
    void whoComesLateGetsTheWholeHistoryThoughSomebodyTalksAllTheTime() throws Exception {
        Membership room = newRoom();
        for (int i = 0; i < 5_000; i++) {
            post(room, "history");
        }
        service.subscribe(room.room().id(), Cursor.now(), event -> {});
        Thread talking = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                post(room, "talk");
                // Slow enough that the log keeps its first entry for as long as the test runs.
                LockSupport.parkNanos(100_000);
            }
        });
        talking.start();
        try {
            reads.set(0);
            List<Subscription> late = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Subscription subscription =
                        service.transport().subscribe(room.room().id(), room.token(), Cursor.start(), () -> {});
                assertThat(subscription.poll(1).get(0).event()).isInstanceOf(RoomEvent.ParticipantJoined.class);
                late.add(subscription);
            }
            assertThat(reads).as("reads of the log for all ten").hasValueLessThan(5 * 10);
            late.forEach(Subscription::close);
        } finally {
            talking.interrupt();
            talking.join();
        }
    }

    @Test
    void aThousandStreamsThatComeBackCostTheStoreWhatOneDoes() {
        Membership room = newRoom();
        for (int i = 0; i < 2_000; i++) {
            post(room, "history");
        }
        Subscription first = service.transport().subscribe(room.room().id(), room.token(), Cursor.start(), () -> {});
        int one = reads.getAndSet(0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(service.transport()
                            .subscribe(room.room().id(), room.token(), Cursor.start(), () -> {})
                            .poll(1))
                    .hasSize(1);
        }
        assertThat(reads).hasValueLessThanOrEqualTo(one);
        first.close();
    }

    @Test
    void whoseWakeUpFailsInAnyWaySilencesNobodyElse() {
        Membership room = newRoom();
        service.transport().subscribe(room.room().id(), room.token(), Cursor.now(), () -> {
            throw new AssertionError("a host's bug");
        });
        List<RoomEvent> failing = new CopyOnWriteArrayList<>();
        service.subscribe(room.room().id(), Cursor.now(), event -> {
            failing.add(event);
            throw new AssertionError("a host's bug");
        });
        AtomicInteger woken = new AtomicInteger();
        Subscription other =
                service.transport().subscribe(room.room().id(), room.token(), Cursor.now(), woken::incrementAndGet);
        for (int i = 0; i < 5; i++) {
            post(room, "again");
            assertThat(other.poll(10)).hasSize(1);
        }
        assertThat(woken).hasValue(5);
        Await.until(TIMEOUT, "the failing listener hears all", () -> failing.size() == 5);
    }

    @Test
    void whoWaitsForTheDeliveryGoesOnOnceAnotherThreadHasMadeIt() throws Exception {
        Membership room = newRoom();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<RoomEvent> heard = new CopyOnWriteArrayList<>();
        Subscription[] slow = new Subscription[1];
        slow[0] = service.transport().subscribe(room.room().id(), room.token(), Cursor.now(), () -> {
            busy.countDown();
            awaitQuietly(go);
            slow[0].poll(10).forEach(delivery -> heard.add(delivery.event()));
        });
        Thread sweeping = new Thread(() -> post(room, "one"));
        sweeping.start();
        busy.await();
        PostResult second = service.transport().post(room.room().id(), room.token(), NewMessage.of("two"));
        service.transport().awaitDelivery(second, Duration.ofMillis(50));
        assertThat(heard).as("the other thread is still at it").isEmpty();
        go.countDown();
        service.transport().awaitDelivery(second, TIMEOUT);
        assertThat(heard).hasSize(2);
        sweeping.join();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatIsSeenToBeGoneBeforeTheSignalOfItsDestructionIsNotSaidToBeLost() {
        RoomBroadcaster wire = RoomBroadcaster.local();
        try (EphemeralChatService there = EphemeralChatService.create(store, wire);
                EphemeralChatService here = EphemeralChatService.create(store, wire)) {
            Membership room = here.createRoom(RoomOptions.defaults(), Identity.anonymous());
            List<RoomEvent> near = new CopyOnWriteArrayList<>();
            List<RoomEvent> far = new CopyOnWriteArrayList<>();
            here.subscribe(room.room().id(), Cursor.now(), near::add);
            there.subscribe(room.room().id(), Cursor.now(), far::add);
            // Everybody looks while the store has no such room any more and the signal has not gone out.
            afterDestroy = () -> {
                wire.publish(new RoomSignal.Missed(room.room().id()));
                Thread.sleep(200);
            };
            here.asHost(room.room().id()).destroy();
            Await.until(TIMEOUT, "both are told", () -> !near.isEmpty() && !far.isEmpty());
            assertThat(near).containsExactly(new RoomDestroyed(EndReason.DESTROYED));
            assertThat(far).containsExactly(new RoomDestroyed(EndReason.DESTROYED));
        }
    }

    @Test
    void aReaderWhoFallsBehindInALongLogIsResetOnceAndCatchesUp() {
        try (EphemeralChatService node = EphemeralChatService.create(longLogs)) {
            Membership room = node.createRoom(RoomOptions.defaults(), Identity.anonymous());
            for (int i = 0; i < 50_000; i++) {
                node.as(room.room().id(), room.token()).post("history");
            }
            Subscription reader = node.transport().subscribe(room.room().id(), room.token(), Cursor.start(), () -> {});
            int resets = 0;
            String last = "";
            for (int polls = 0; polls < 20_000 && !last.equals("the last one"); polls++) {
                if (polls % 10 == 0) {
                    node.as(room.room().id(), room.token()).post(polls < 100 ? "live" : "the last one");
                }
                for (SharedEvent delivery : reader.poll(16)) {
                    resets += delivery.event() instanceof RoomEvent.HistoryReset ? 1 : 0;
                    last = delivery.event() instanceof MessagePosted posted
                            ? posted.message().text()
                            : last;
                }
            }
            assertThat(last).isEqualTo("the last one");
            assertThat(resets).isLessThanOrEqualTo(1);
        }
    }
}
