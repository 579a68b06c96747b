package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C11: Redis, or the client's full queue, refuses a SUBSCRIBE. */
class RefusedSubscriptionTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final Duration SERVED_AGAIN = Duration.ofSeconds(5);

    private final RedisServer server = RedisServer.start();
    private final RedisCommands<String, String> admin = TestNodes.look(server);
    private final RoomId room = RoomId.random();

    @AfterEach
    void stopServer() {
        server.close();
    }

    private void forbidSubscribe() {
        admin.aclSetuser("chat", AclSetuserArgs.Builder.removeCommand(CommandType.SUBSCRIBE));
    }

    private void allowSubscribe() {
        admin.aclSetuser("chat", AclSetuserArgs.Builder.addCommand(CommandType.SUBSCRIBE));
    }

    private boolean isSubscribed() {
        String channel = new KeyNames("ec").channel(room);
        return admin.pubsubNumsub(channel).get(channel) > 0;
    }

    private void assertRefusedAtOnce(RoomBroadcaster broadcaster, String reason) {
        long start = System.nanoTime();
        assertThatExceptionOfType(ChatUnavailableException.class)
                .isThrownBy(() -> broadcaster.subscribe(room, signal -> {}))
                .withMessage(reason);
        assertThat(System.nanoTime() - start).isLessThan(AT_ONCE.toNanos());
    }

    @Test
    void subscribeWithoutPermissionFailsAtOnceWithItsCode() {
        try (LogLines lines = new LogLines();
                RedisChat redis = RedisChat.connect(server.uri())) {
            forbidSubscribe();
            assertRefusedAtOnce(redis.broadcaster(), "Redis refuses: NOPERM");
            assertRefusedAtOnce(redis.broadcaster(), "Redis refuses: NOPERM");
            assertThat(lines.all())
                    .containsOnlyOnce("WARNING")
                    .contains("NOPERM", "RedisCommandExecutionException")
                    .doesNotContain("does not answer")
                    .doesNotContain(room.value());
            assertThat(redis.broadcaster().channels).isEmpty();

            allowSubscribe();
            redis.broadcaster().subscribe(room, signal -> {}).close();
            Await.until(SERVED_AGAIN, "nothing is left", () -> !isSubscribed());
        }
    }

    /** Lettuce subscribes again by itself only once. */
    @Test
    void listenerHearsAgainAfterARefusedReconnect() {
        try (LogLines lines = new LogLines();
                RedisChat redis = RedisChat.connect(server.uri())) {
            Queue<RoomSignal> heard = new ConcurrentLinkedQueue<>();
            redis.broadcaster().subscribe(room, heard::add);
            forbidSubscribe();
            admin.clientKill(KillArgs.Builder.typePubsub());
            Await.until(SERVED_AGAIN, "it is refused", () -> lines.all().contains("NOPERM"));
            assertThat(isSubscribed()).isFalse();

            allowSubscribe();
            Await.until(SERVED_AGAIN, "it is subscribed again", this::isSubscribed);
            Await.until(SERVED_AGAIN, "it hears so", () -> heard.contains(new RoomSignal.Missed(room)));
            RoomSignal signal = new RoomSignal.Destroyed(new RoomIncarnation(room, 1));
            redis.broadcaster().publish(signal);
            Await.until(SERVED_AGAIN, "it hears signals", () -> heard.contains(signal));
        }
    }

    @Test
    void subscribeWithAFullQueueFailsAtOnce() {
        try (LogLines lines = new LogLines();
                RedisClient client = RedisClient.create()) {
            client.setOptions(ClientOptions.builder().requestQueueSize(20).build());
            try (RedisChat redis =
                    RedisChat.builder().client(client, server.uri()).connect()) {
                server.freeze();
                for (int i = 0; i < 40; i++) {
                    Future<String> unused =
                            redis.broadcaster().connection.get().async().ping();
                }
                assertRefusedAtOnce(redis.broadcaster(), "Redis cannot be asked");
                assertThat(lines.all()).doesNotContain("does not answer");
                server.thaw();
                Await.until(SERVED_AGAIN, "it is served again", () -> subscribes(redis.broadcaster()));
            }
        }
    }

    private boolean subscribes(RoomBroadcaster broadcaster) {
        try {
            broadcaster.subscribe(room, signal -> {});
            return isSubscribed();
        } catch (ChatUnavailableException e) {
            return false;
        }
    }
}
