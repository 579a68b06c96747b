package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Appended;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A post waits for the wake-ups of its entry, if another thread makes them, and for nothing else. */
class WakeUpDispatcherTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();
    private final CountDownLatch wakingUp = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private Thread dispatching;

    @AfterEach
    void stop() throws InterruptedException {
        goOn.countDown();
        if (dispatching != null) {
            dispatching.join();
        }
    }

    /** Another thread wakes the subscribers up, and is kept there. */
    private void dispatchElsewhere() throws InterruptedException {
        node.subscribe(room, null, Cursor.now(), () -> {
            wakingUp.countDown();
            awaitUninterrupted();
        });
        dispatching = new Thread(() -> node.post(room, "first"));
        dispatching.start();
        assertThat(wakingUp.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitUninterrupted() {
        try {
            assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void await(long sequence, Duration atMost) {
        node.feeds.awaitDispatch(room.incarnation(), sequence, atMost);
    }

    private Thread waiter(long sequence) {
        Thread waiter = new Thread(() -> await(sequence, LONG));
        waiter.start();
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            assertThat(waiter.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        return waiter;
    }

    @Test
    void await_nobodyDispatches_returnsAtOnce() {
        node.subscribe(room, Cursor.now());
        await(1_000, LONG);
    }

    @Test
    void await_roomWithoutFeed_returnsAtOnce() {
        node.feeds.awaitDispatch(new RoomIncarnation(RoomId.random(), 1), 1, LONG);
    }

    @Test
    void await_anotherThreadDispatches_returnsWhenItHas() throws Exception {
        dispatchElsewhere();
        long sequence = node.post(room, "second").entry().id().sequence();
        Thread waiter = waiter(sequence);
        goOn.countDown();
        waiter.join(20_000);
        assertThat(waiter.isAlive()).isFalse();
    }

    @Test
    void await_entryThatIsNeverLinked_returnsWhenNobodyDispatches() throws Exception {
        dispatchElsewhere();
        Thread waiter = waiter(1_000);
        goOn.countDown();
        waiter.join(20_000);
        assertThat(waiter.isAlive()).isFalse();
    }

    @Test
    void await_entryThatIsNeverLinked_returnsAfterAnAsyncDispatch() throws Exception {
        node.subscribe(room, null, Cursor.now(), () -> {
            wakingUp.countDown();
            awaitUninterrupted();
        });
        node.broadcaster.hold();
        Appended appended = node.append(room, "m2");
        node.broadcaster.deliver(appended.signal());
        dispatching = new Thread(node::run);
        dispatching.start();
        assertThat(wakingUp.await(20, TimeUnit.SECONDS)).isTrue();
        Thread waiter = waiter(1_000);
        goOn.countDown();
        waiter.join(20_000);
        assertThat(waiter.isAlive()).isFalse();
    }

    @Test
    void await_dispatcherHangs_returnsInTime() throws Exception {
        dispatchElsewhere();
        long begin = System.nanoTime();
        await(1_000, Duration.ofMillis(50));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
        assertThat(dispatching.isAlive()).isTrue();
    }

    @Test
    void await_interrupted_returnsAndStaysInterrupted() throws Exception {
        dispatchElsewhere();
        Thread.currentThread().interrupt();
        await(1_000, LONG);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void posts_whileAnotherThreadDispatches_areHandedToTheExecutorAfterTwoRuns() {
        int[] wakeUps = new int[1];
        node.subscribe(room, null, Cursor.now(), () -> {
            if (wakeUps[0]++ < 5) {
                node.post(room, "again");
            }
        });
        node.post(room, "first");
        assertThat(wakeUps[0]).isEqualTo(2);
        node.dispatches.runOne();
        assertThat(wakeUps[0]).isEqualTo(4);
        node.run();
        assertThat(wakeUps[0]).isEqualTo(6);
    }
}
