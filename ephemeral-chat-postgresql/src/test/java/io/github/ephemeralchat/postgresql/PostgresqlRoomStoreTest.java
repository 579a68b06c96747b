package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.RoomStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class PostgresqlRoomStoreTest extends RoomStoreContract {

    private final TestNodes nodes = new TestNodes();

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Override
    protected RoomStore createStore(LogLimits limits) {
        return nodes.deaf(limits).store();
    }

    @Override
    protected RoomStore createOtherNode(RoomStore store, LogLimits limits) {
        return nodes.deaf(limits).store();
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomIncarnation room) {
        return TestDatabase.shared().holdsRoom(room.id().value());
    }

    @Override
    protected boolean holdsBodyOutsideThisJvm(String body) {
        return TestDatabase.shared().holdsText(body);
    }

    /** What takes a minute runs on stores that take no time, and on one Redis. */
    @Override
    protected boolean passesMinutes() {
        return false;
    }

    @Override
    protected Duration shortLife() {
        return Duration.ofMillis(1500);
    }
}
