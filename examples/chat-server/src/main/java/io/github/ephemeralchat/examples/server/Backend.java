package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.RedisURI;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where rooms are to be kept.
 *
 * @param maxRooms how many rooms live at once in memory; Redis has limits of its own
 * @param redis where Redis is: nowhere for rooms in memory, several for nodes of one cluster
 */
record Backend(int maxRooms, List<RedisURI> redis) {

    Backend {
        redis = List.copyOf(redis);
    }

    /** Connects, where there is something to connect to. */
    Rooms open() {
        if (redis.isEmpty()) {
            return new Rooms(MemoryRoomStore.builder().maxRooms(maxRooms).build(), null, null, () -> {});
        }
        EventLoopGroup loops = NettyChatServer.newEventLoops();
        try {
            RedisChat chat = connect(RedisChat.builder().eventLoopGroup(loops));
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
}
