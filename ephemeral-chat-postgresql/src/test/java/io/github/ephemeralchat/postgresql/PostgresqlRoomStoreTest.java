package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.RoomStoreContract;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;

class PostgresqlRoomStoreTest extends RoomStoreContract {

    private static final TestNodes NODES = new TestNodes();
    /** A store keeps nothing of a room, so that all tests may have the same. */
    private static final Map<LogLimits, RoomStore> HERE = new ConcurrentHashMap<>();

    private static final Map<LogLimits, RoomStore> THERE = new ConcurrentHashMap<>();

    @AfterAll
    static void closeNodes() {
        NODES.close();
    }

    @Override
    protected RoomStore createStore(LogLimits limits) {
        return HERE.computeIfAbsent(limits, each -> NODES.deaf(each).store());
    }

    @Override
    protected RoomStore createOtherNode(RoomStore store, LogLimits limits) {
        return THERE.computeIfAbsent(limits, each -> NODES.deaf(each).store());
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
