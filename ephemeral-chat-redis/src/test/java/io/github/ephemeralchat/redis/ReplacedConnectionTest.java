package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A connection for signals that is given up takes no room's signals with it. */
class ReplacedConnectionTest {

    private static final int ROOMS = 600;
    private static final int QUEUE = 50;
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);

    @Test
    void moreRoomsThanTheClientsQueueHoldsAreListenedToAgain() {
        try (RedisServer server = RedisServer.start();
                RedisClient client = RedisClient.create()) {
            client.setOptions(ClientOptions.builder().requestQueueSize(QUEUE).build());
            try (RedisChat redis =
                    RedisChat.builder().client(client, server.uri()).connect()) {
                AtomicInteger told = new AtomicInteger();
                List<RoomId> rooms =
                        Stream.generate(RoomId::random).limit(ROOMS).toList();
                rooms.forEach(room -> redis.broadcaster().subscribe(room, signal -> told.incrementAndGet()));
                redis.broadcaster().connection.markStale(new IllegalStateException("a test says so"));
                Await.until(COMMAND_TIMEOUT, "all are subscribed again", () -> told.get() >= ROOMS);
                RedisCommands<String, String> look = TestNodes.look(server);
                Await.until(COMMAND_TIMEOUT, "the old one is gone", () -> subscriptions(look) == ROOMS);
            }
        }
    }

    private static long subscriptions(RedisCommands<String, String> redis) {
        return redis.pubsubNumsub(redis.pubsubChannels("ec:*").toArray(String[]::new)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
