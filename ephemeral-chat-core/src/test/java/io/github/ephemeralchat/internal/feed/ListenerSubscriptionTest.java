package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.scripted.ManualExecutor;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.transport.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ListenerSubscriptionTest {

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<String> calls = new ArrayList<>();

    private Subscription listen(Cursor cursor, Consumer<RoomEvent> listener) {
        return ListenerSubscription.create(listener, executor, wakeUp -> node.subscribe(room, null, cursor, wakeUp));
    }

    private void note(RoomEvent event) {
        calls.add(TestNode.text(event));
    }

    @Test
    void listener_isCalledOnTheExecutorInOrder() {
        listen(Cursor.start(), this::note);
        node.posts(room, 2, 4);
        assertThat(calls).isEmpty();
        executor.runAll();
        assertThat(calls).containsExactly("owner joined", "m2", "m3", "m4");
        node.post(room, "m5");
        executor.runAll();
        assertThat(calls).endsWith("m5").hasSize(5);
        assertThat(executor.size()).isZero();
    }

    @Test
    void longHistory_isDeliveredInBatches_betweenWhichOthersGetTheThread() {
        node.appendUpTo(room, 150);
        listen(Cursor.start(), this::note);
        executor.runOne();
        assertThat(calls).hasSize(64);
        executor.runOne();
        assertThat(calls).hasSize(128);
        executor.runAll();
        assertThat(calls).hasSize(150);
    }

    @Test
    void manyWakeUps_areOneTask() {
        listen(Cursor.now(), this::note);
        executor.runAll();
        node.posts(room, 2, 100);
        assertThat(executor.size()).isEqualTo(1);
    }

    @Test
    void listener_throws_isCalledAgainAndItIsLogged() {
        try (LogRecords log = LogRecords.of(ListenerSubscription.class)) {
            listen(Cursor.start(), event -> {
                note(event);
                throw new AssertionError("secret");
            });
            node.post(room, "m2");
            executor.runAll();
            assertThat(calls).containsExactly("owner joined", "m2");
            assertThat(log.warnings()).hasSize(2).containsOnly("A listener failed");
            assertThat(log.text()).contains("java.lang.AssertionError").doesNotContain("secret");
        }
    }

    @Test
    void listener_blocks_delaysNobodyElse() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        listen(Cursor.now(), event -> {
            listening.countDown();
            awaitLatch(goOn);
            note(event);
        });
        AtomicInteger others = new AtomicInteger();
        node.subscribe(room, null, Cursor.now(), others::incrementAndGet);
        executor.runAll();
        node.post(room, "m2");
        Thread blocked = new Thread(executor::runAll);
        blocked.start();
        assertThat(listening.await(20, TimeUnit.SECONDS)).isTrue();
        node.posts(room, 3, 4);
        assertThat(others).hasValue(3);
        assertThat(calls).isEmpty();
        goOn.countDown();
        blocked.join();
        assertThat(calls).containsExactly("m2", "m3", "m4");
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void executor_rejectsAtTheStart_closesTheSubscription() {
        executor.shutdown();
        try (LogRecords log = LogRecords.of(ListenerSubscription.class)) {
            assertThat(listen(Cursor.start(), this::note).isEnded()).isTrue();
            assertThat(log.warnings()).hasSize(1);
        }
        assertThat(node.broadcaster.openRegistrations()).isZero();
    }

    @Test
    void executor_rejectsLater_closesTheSubscription() {
        Subscription subscription = listen(Cursor.now(), this::note);
        executor.runAll();
        executor.shutdown();
        try (LogRecords log = LogRecords.of(ListenerSubscription.class)) {
            node.post(room, "m2");
            node.post(room, "m3");
            assertThat(log.warnings())
                    .containsExactly("The listeners' executor takes no more tasks: a subscription was closed");
        }
        assertThat(subscription.isEnded()).isTrue();
        assertThat(node.broadcaster.openRegistrations()).isZero();
    }

    @Test
    void executor_shutsDownBetweenBatches_theThreadFinishes() {
        node.appendUpTo(room, 150);
        listen(Cursor.start(), event -> {
            note(event);
            executor.shutdown();
        });
        executor.runAll();
        assertThat(calls).hasSize(150);
    }

    @Test
    void executor_isTheCallingThread_deliversAll() {
        node.appendUpTo(room, 150);
        ListenerSubscription.create(
                this::note, Runnable::run, wakeUp -> node.subscribe(room, null, Cursor.start(), wakeUp));
        assertThat(calls).hasSize(150);
        node.post(room, "m151");
        assertThat(calls).endsWith("m151");
    }

    @Test
    void batch_roomEndsMeanwhile_isCutShortByTheEnd() {
        node.appendUpTo(room, 10);
        listen(Cursor.start(), event -> {
            note(event);
            if (calls.size() == 2) {
                node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
            }
        });
        executor.runAll();
        node.run();
        executor.runAll();
        assertThat(calls).containsExactly("owner joined", "m2", "ended: DESTROYED");
    }

    @Test
    void batch_hostClosesMeanwhile_isCutShort() {
        node.appendUpTo(room, 10);
        Subscription[] subscription = new Subscription[1];
        subscription[0] = listen(Cursor.start(), event -> {
            note(event);
            subscription[0].close();
        });
        executor.runAll();
        assertThat(calls).containsExactly("owner joined");
    }
}
