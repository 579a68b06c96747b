package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.RedisURI;
import java.util.List;

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
            return new Rooms(MemoryRoomStore.builder().maxRooms(maxRooms).build(), null, () -> {});
        }
        RedisChat chat = RedisChat.connect(redis.toArray(RedisURI[]::new));
        return new Rooms(chat.store(), chat.broadcaster(), chat::close);
    }
}
