package io.github.ephemeralchat.examples.server;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** One of several servers with the same Redis, which may be stopped and started again at its address. */
final class RedisNode implements AutoCloseable {

    private final RedisProcess redis;
    private final int port = RedisProcess.freePort();
    private Rooms rooms;
    private ChatServer server;

    RedisNode(RedisProcess redis) throws IOException {
        this.redis = redis;
        start();
    }

    void start() throws IOException {
        rooms = new Backend(1, List.of(redis.uri())).open();
        server = ChatServer.start(ServerOptions.local(port).withRateLimits(false), rooms.store(), rooms.broadcaster());
    }

    URI uri() {
        return URI.create("http://localhost:" + port);
    }

    @Override
    public void close() {
        server.close();
        rooms.close();
    }
}
