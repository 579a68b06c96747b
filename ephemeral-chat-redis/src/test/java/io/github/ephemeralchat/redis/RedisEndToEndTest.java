package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.EndToEndContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The nodes hear and publish over one connection, and read over another one's. */
@ParameterizedClass(autoCloseArguments = false)
@MethodSource("io.github.ephemeralchat.redis.RedisServer#sharedByAll")
class RedisEndToEndTest extends EndToEndContract {

    private final TestNodes nodes;

    RedisEndToEndTest(RedisServer server) {
        this.nodes = new TestNodes(server.uri());
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Override
    protected RoomStore store(LogLimits limits) {
        return nodes.light(limits).store();
    }

    @Override
    protected RoomBroadcaster broadcaster() {
        return nodes.light(LogLimits.DEFAULT).broadcaster();
    }
}
