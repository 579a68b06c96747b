package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.RedisURI;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where rooms are to be kept.
 *
 * @param maxRooms how many rooms live at once in memory; Redis has limits of its own
 * @param redis where Redis is: nowhere for rooms elsewhere, several for nodes of one cluster
 * @param redisBatchDelay how long a post waits at most for others that go to Redis with it
 * @param postgresql where PostgreSQL is; null for rooms elsewhere
 */
record Backend(
        int maxRooms,
        List<RedisURI> redis,
        Duration redisBatchDelay,
        @Nullable PostgresqlAddress postgresql) {

    Backend {
        redis = List.copyOf(redis);
    }

    /** Connects, where there is something to connect to. */
    Rooms open() throws AwayException {
        try {
            if (postgresql != null) {
                return postgresql.open();
            }
            return redis.isEmpty()
                    ? new Rooms(MemoryRoomStore.builder().maxRooms(maxRooms).build(), null, null, () -> {})
                    : openRedis();
        } catch (ChatUnavailableException e) {
            throw new AwayException(
                    postgresql == null
                            ? e.getMessage() + ". Check --redis"
                            : "PostgreSQL cannot be used. Check --postgresql",
                    e);
        }
    }

    private Rooms openRedis() {
        EventLoopGroup loops = NettyChatServer.newEventLoops();
        try {
            RedisChat chat = connect(RedisChat.builder().eventLoopGroup(loops).maxBatchDelay(redisBatchDelay));
            return new Rooms(chat.store(), chat.broadcaster(), loops, () -> {
                chat.close();
                end(loops);
            });
        } catch (RuntimeException e) {
            end(loops);
            throw e;
        }
    }

    private RedisChat connect(RedisChat.Builder builder) {
        return redis.size() == 1
                ? builder.server(redis.get(0)).connect()
                : builder.cluster(redis.toArray(RedisURI[]::new)).connect();
    }

    private static void end(EventLoopGroup loops) {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1000);
    }

    /** Where rooms are to be kept cannot be reached; the message says which flag names it. */
    static final class AwayException extends IOException {

        private static final long serialVersionUID = 1L;

        AwayException(String message, ChatUnavailableException cause) {
            super(message, cause);
        }
    }
}
