package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.testsupport.LocalMachine;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** One of several servers with the same Redis, which may be stopped and started again at its address. */
final class RedisNode implements AutoCloseable {

    private final RedisProcess redis;
    private final int port = LocalMachine.freePort();
    private Rooms rooms;
    private ChatServer server;

    RedisNode(RedisProcess redis) throws IOException {
        this.redis = redis;
        start();
    }

    void start() throws IOException {
        rooms = new Backend(1, List.of(RedisURI.create(redis.address())), Duration.ZERO, null).open();
        server = ChatServer.start(ServerOptions.local(port).withRateLimits(false), rooms.store(), rooms.broadcaster());
    }

    /** Where its API is. */
    URI uri() {
        return URI.create("http://localhost:" + port + "/api");
    }

    @Override
    public void close() {
        server.close();
        rooms.close();
    }
}
