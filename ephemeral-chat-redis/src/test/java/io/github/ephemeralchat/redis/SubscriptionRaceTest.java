package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.internal.support.StoreTime;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Registrations that come and go at the same time, and listeners that misbehave. */
class SubscriptionRaceTest {

    private static final RedisServer SERVER = RedisServer.start();
    private static final RedisCommands<String, String> REDIS = TestNodes.look(SERVER);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int WORKERS = 16;
    private static final int ROOMS = 400;
    private static final RoomId ROOM = RoomId.random();
    private static final RoomSignal SIGNAL = new RoomSignal.Destroyed(new RoomIncarnation(ROOM, 1));

    private final RedisChat redis = RedisChat.connect(SERVER.uri());
    private final RedisRoomBroadcaster broadcaster = redis.broadcaster();

    @AfterEach
    void closeRedis() {
        redis.close();
    }

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    private void assertNothingIsLeft() {
        Await.until(
                SOON, "no channel is subscribed", () -> REDIS.pubsubChannels().isEmpty());
        Await.until(SOON, "no channel is kept", broadcaster.channels::isEmpty);
    }

    /** C1: half of the time all workers use one room, so that one often subscribes while another one closes. */
    @Test
    void roomsThatAreLeftAtOnceLeaveNothing() {
        try (Crowd crowd = new Crowd(WORKERS)) {
            crowd.all(worker -> {
                Random random = new Random(worker);
                for (int i = 0; i < ROOMS; i++) {
                    subscribeAndClose(random.nextBoolean() ? ROOM : RoomId.random(), random);
                }
                return worker;
            });
        }
        assertNothingIsLeft();
    }

    /** A registration that stands hears what is published after it, whatever came and went before. */
    private void subscribeAndClose(RoomId room, Random random) {
        Queue<RoomSignal> heard = new ConcurrentLinkedQueue<>();
        boolean interrupted = random.nextInt(10) == 0;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            Registration registration = broadcaster.subscribe(room, heard::add);
            if (!interrupted && random.nextInt(4) == 0) {
                RoomSignal signal = new RoomSignal.Destroyed(new RoomIncarnation(room, random.nextLong()));
                broadcaster.publish(signal);
                Await.until(SOON, "it is heard", () -> heard.contains(signal));
            } else {
                LockSupport.parkNanos(random.nextInt(1_500_000));
            }
            registration.close();
        } catch (ChatUnavailableException e) {
            assertThat(interrupted).as("only who is interrupted fails").isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void oneConsumerTwiceIsTwoRegistrations() {
        Queue<RoomSignal> heard = new ConcurrentLinkedQueue<>();
        Registration first = broadcaster.subscribe(ROOM, heard::add);
        Registration second = broadcaster.subscribe(ROOM, heard::add);
        broadcaster.publish(SIGNAL);
        Await.until(SOON, "both hear", () -> heard.size() == 2);
        first.close();
        first.close();
        broadcaster.publish(SIGNAL);
        Await.until(SOON, "one hears", () -> heard.size() == 3);
        second.close();
        assertNothingIsLeft();
    }

    /** C18. */
    @Test
    void listenerThatThrowsAnErrorDeafensNobody() {
        Queue<RoomSignal> heard = new ConcurrentLinkedQueue<>();
        broadcaster.subscribe(ROOM, signal -> {
            throw new StackOverflowError("what somebody wrote");
        });
        broadcaster.subscribe(ROOM, heard::add);
        try (LogLines lines = new LogLines()) {
            broadcaster.publish(SIGNAL);
            broadcaster.publish(SIGNAL);
            Await.until(SOON, "the other one hears", () -> heard.size() == 2);
            assertThat(lines.all()).contains("StackOverflowError").doesNotContain("what somebody wrote");
        }
    }

    /** C13. */
    @Test
    void interruptEndsEveryWait() throws InterruptedException {
        SERVER.freeze();
        try {
            assertInterruptible(() -> broadcaster.subscribe(ROOM, signal -> {}));
            assertInterruptible(() -> redis.store().find(ROOM));
        } finally {
            SERVER.thaw();
        }
    }

    private static void assertInterruptible(Runnable call) throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            assertThatExceptionOfType(ChatUnavailableException.class)
                    .isThrownBy(call::run)
                    .withMessage("interrupted while waiting for Redis");
            if (Thread.currentThread().isInterrupted()) {
                interrupted.countDown();
            }
        });
        thread.start();
        Await.until(SOON, "it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        thread.interrupt();
        assertThat(interrupted.await(1, TimeUnit.SECONDS)).isTrue();
    }

    /** C19: nobody holds a lock, and no caller is held, while a command is on its way to the connection. */
    @Test
    void closeDoesNotWaitForTheConnection() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocks = new CountDownLatch(1);
        RedisCodec<String, byte[]> codec = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
        try (RedisClient client = RedisClient.create()) {
            RedisRoomBroadcaster slow = new RedisRoomBroadcaster(
                    new RedisCalls(new KeyNames("ec"), null, new StoreTime(System::nanoTime)),
                    () -> client.connectPubSubAsync(codec, SERVER.uri())
                            .thenApply(connection -> blocking(connection, blocks, release)),
                    false);
            slow.connection.open();
            Registration first = slow.subscribe(ROOM, signal -> {});
            Registration second = slow.subscribe(RoomId.random(), signal -> {});
            blocks.countDown();
            long start = System.nanoTime();
            first.close();
            second.close();
            slow.missed();
            assertThat(System.nanoTime() - start)
                    .isLessThan(Duration.ofSeconds(1).toNanos());
            release.countDown();
            assertNothingIsLeft();
            Await.until(SOON, "no channel is kept", slow.channels::isEmpty);
            slow.close();
            first.close();
        } finally {
            release.countDown();
        }
    }

    /** Whoever wants to send a command over it has to wait. */
    @SuppressWarnings("unchecked")
    private static StatefulRedisPubSubConnection<String, byte[]> blocking(
            StatefulRedisPubSubConnection<String, byte[]> connection, CountDownLatch blocks, CountDownLatch release) {
        return (StatefulRedisPubSubConnection<String, byte[]>) Proxy.newProxyInstance(
                SubscriptionRaceTest.class.getClassLoader(),
                new Class<?>[] {StatefulRedisPubSubConnection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("async") && blocks.getCount() == 0) {
                        release.await(10, TimeUnit.SECONDS);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
