package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.EndToEndContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** The nodes hear and publish over one connection, and read over another one's. */
class RedisEndToEndTest extends EndToEndContract {

    private final TestNodes nodes = new TestNodes(server().uri());

    RedisServer server() {
        return RedisServer.shared();
    }

    @AfterAll
    static void everyKeyHadAnEnd() {
        ExpiryWatcher.assertEveryKeyHadAnEnd();
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
