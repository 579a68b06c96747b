package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.lettuce.core.RedisURI;
import java.io.IOException;

/** A node on Netty as a process of its own, which {@link LimitedProcess} starts with few descriptors. */
final class LimitedServer {

    static final int LOOP_ENDED = 3;

    private LimitedServer() {}

    /**
     * Starts it.
     *
     * @param args the number of event loops, the greatest number of connections or 0 for the default, and Redis or nothing
     */
    public static void main(String[] args) throws IOException {
        boolean inMemory = args.length < 3;
        NettyChatServer.Builder builder = NettyChatServer.builder(inMemory ? inMemory() : overRedis(args[2]))
                .threads(Integer.parseInt(args[0]))
                .settings(
                        ChatHttpSettings.builder().rateLimits(RateLimits.off()).build());
        if (inMemory) {
            builder.requestExecutor(Runnable::run);
        }
        if (!args[1].equals("0")) {
            builder.maxConnections(Integer.parseInt(args[1]));
        }
        NettyChatServer server = builder.start();
        server.closed().whenComplete((done, failure) -> System.exit(failure == null ? 0 : LOOP_ENDED));
        System.out.println(server.address().getPort());
    }

    private static EphemeralChatService inMemory() {
        return EphemeralChatService.create(MemoryRoomStore.create());
    }

    private static EphemeralChatService overRedis(String address) {
        RedisChat redis = RedisChat.connect(RedisURI.create(address));
        return EphemeralChatService.create(redis.store(), redis.broadcaster());
    }
}
