package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.RoomStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(autoCloseArguments = false)
@MethodSource("io.github.ephemeralchat.redis.RedisServer#sharedByAll")
class RedisRoomStoreTest extends RoomStoreContract {

    private final RedisServer server;
    private final TestNodes nodes;

    RedisRoomStoreTest(RedisServer server) {
        this.server = server;
        this.nodes = new TestNodes(server.uri());
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Override
    protected RoomStore createStore(LogLimits limits) {
        return nodes.light(limits).store();
    }

    @Override
    protected RoomStore createOtherNode(RoomStore store, LogLimits limits) {
        return nodes.light(limits).store();
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomIncarnation room) {
        return !TestNodes.look(server).keys("*{" + room.id().value() + "}*").isEmpty();
    }

    @Override
    protected boolean holdsBodyOutsideThisJvm(String body) {
        return TestNodes.holds(TestNodes.look(server), body);
    }

    @Override
    protected Duration timeTolerance() {
        return Duration.ofMillis(20);
    }

    /** Once is enough for what takes a minute: ends are the scripts', which are the same for all servers. */
    @Override
    protected boolean passesMinutes() {
        return server == RedisServer.shared();
    }

    @Override
    protected Duration shortLife() {
        return Duration.ofMillis(1500);
    }
}
