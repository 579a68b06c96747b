package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.EndToEndContract;
import org.junit.jupiter.api.AfterEach;

class PostgresqlEndToEndTest extends EndToEndContract {

    private final TestNodes nodes = new TestNodes();

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
