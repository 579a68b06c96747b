package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ephemeralchat.DeliveryCheck;
import io.github.ephemeralchat.DeliveryCheck.Outcome;
import io.github.ephemeralchat.DeliveryCheck.Status;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryCheckTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final MemoryRoomStore store = MemoryRoomStore.builder().maxRooms(3).build();
    private final FaultyBroadcaster broadcaster = new FaultyBroadcaster();
    private final DeliveryCheck check = new DeliveryCheck(store, broadcaster, TIMEOUT);

    @AfterEach
    void close() {
        broadcaster.endOfTest.countDown();
        check.close();
    }

    @Test
    void signalThatArrives_isDelivery() {
        Outcome outcome = check.check();
        assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
        assertThat(outcome.took()).isLessThan(TIMEOUT);
    }

    @Test
    void signalThatDoesNotArrive_isSilence_noticedInTime() {
        broadcaster.silent = true;
        long begin = System.nanoTime();
        assertThat(check.check().status()).isEqualTo(Status.SILENT);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIMEOUT.multipliedBy(3));
    }

    @Test
    void check_recovers_onItsFirstRegistration() {
        broadcaster.silent = true;
        assertThat(check.check().status()).isEqualTo(Status.SILENT);
        broadcaster.silent = false;
        Await.until(Duration.ofSeconds(10), "delivery", () -> check.check().status() == Status.DELIVERED);
        assertThat(broadcaster.subscriptions).hasValue(1);
    }

    @Test
    void check_recovers_afterAnError() {
        AtomicBoolean fails = new AtomicBoolean(true);
        RoomStore failing = (RoomStore) Proxy.newProxyInstance(
                RoomStore.class.getClassLoader(), new Class<?>[] {RoomStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("destroy") && fails.getAndSet(false)) {
                        throw new OutOfMemoryError("a test");
                    }
                    return method.invoke(store, arguments);
                });
        try (DeliveryCheck failed = new DeliveryCheck(failing, broadcaster, TIMEOUT)) {
            failed.check();
            Await.until(Duration.ofSeconds(20), "delivery", () -> failed.check().status() == Status.DELIVERED);
            assertThat(fails).isFalse();
        }
    }

    @Test
    void brokenBroadcaster_isUnavailable() {
        broadcaster.broken = true;
        assertThat(check.check().status()).isEqualTo(Status.UNAVAILABLE);
    }

    @Test
    void hangingBroadcaster_delaysNobodyBeyondTheTimeout() {
        broadcaster.hanging = true;
        long begin = System.nanoTime();
        assertThat(check.check().status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(check.check().status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIMEOUT.multipliedBy(4));
        assertThat(broadcaster.subscriptions).as("runs").hasValue(1);
    }

    @Test
    void fullStore_isNoOutage() {
        for (int i = 0; i < 3; i++) {
            createRoom(RoomId.random());
        }
        assertThat(check.check().status()).isEqualTo(Status.REFUSED);
    }

    @Test
    void check_runsOnce_howeverManyCallers() {
        try (Crowd crowd = new Crowd(50)) {
            assertThat(crowd.all(i -> check.check().status())).containsOnly(Status.DELIVERED);
        }
        assertThat(broadcaster.published).hasValue(1);
    }

    @Test
    void run_leavesNothing() {
        check.check();
        RoomId code = broadcaster.rooms.iterator().next();
        assertThat(store.find(code)).isEmpty();
        check.close();
        Await.until(Duration.ofSeconds(2), "no registration", () -> broadcaster.registrations.get() == 0);
        check.close();
        assertThatIllegalStateException().isThrownBy(check::check);
    }

    @Test
    void codeThatAnotherRoomHas_isReplaced() {
        broadcaster.onSubscribe = id -> {
            if (broadcaster.subscriptions.get() == 1) {
                createRoom(id);
            }
        };
        assertThat(check.check().status()).isEqualTo(Status.DELIVERED);
        assertThat(broadcaster.rooms).hasSize(2);
        assertThat(broadcaster.registrations).hasValue(1);
    }

    private void createRoom(RoomId id) {
        Instant now = store.now();
        Room room = new Room(new RoomIncarnation(id, 1), now, now.plusSeconds(60), 2, false);
        assertThat(store.create(room, Identity.anonymous(), TokenHash.of("token")))
                .isTrue();
    }

    /** A local broadcaster with faults to switch on. */
    private static final class FaultyBroadcaster implements RoomBroadcaster {

        private final RoomBroadcaster target = RoomBroadcaster.local();
        private final AtomicInteger published = new AtomicInteger();
        private final AtomicInteger subscriptions = new AtomicInteger();
        private final AtomicInteger registrations = new AtomicInteger();
        private final Set<RoomId> rooms = ConcurrentHashMap.newKeySet();
        private final CountDownLatch endOfTest = new CountDownLatch(1);
        private volatile boolean silent;
        private volatile boolean broken;
        private volatile boolean hanging;
        private volatile Consumer<RoomId> onSubscribe = id -> {};

        @Override
        public void publish(RoomSignal signal) {
            published.incrementAndGet();
            if (!silent) {
                target.publish(signal);
            }
        }

        @Override
        public void publishToAll(NodeSignal signal) {
            target.publishToAll(signal);
        }

        @Override
        public Registration subscribeToAll(Consumer<NodeSignal> listener) {
            return target.subscribeToAll(listener);
        }

        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            subscriptions.incrementAndGet();
            if (hanging) {
                awaitEndOfTest();
            }
            if (broken) {
                throw new ChatUnavailableException("broken by the test");
            }
            rooms.add(room);
            registrations.incrementAndGet();
            onSubscribe.accept(room);
            Registration registration = target.subscribe(room, listener);
            return () -> {
                registrations.decrementAndGet();
                registration.close();
            };
        }

        private void awaitEndOfTest() {
            try {
                endOfTest.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
