package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.tck.RoomBroadcasterContract;
import org.junit.jupiter.api.AfterEach;

class PostgresqlRoomBroadcasterTest extends RoomBroadcasterContract {

    private final TestNodes nodes = new TestNodes();

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Override
    protected Nodes createNodes() {
        return new Nodes(
                nodes.light(LogLimits.DEFAULT).broadcaster(),
                nodes.light(LogLimits.DEFAULT).broadcaster());
    }

    @Override
    protected boolean disturb() {
        TestDatabase.shared()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                        + " OR query LIKE '%entries_at%' AND pid <> pg_backend_pid()");
        return true;
    }

    @Override
    protected boolean publishUnknownKind(RoomId room) {
        TestDatabase.shared()
                .execute("SELECT pg_notify('ephemeral_chat', '1 1 1' || chr(10) || 'Q' || chr(9) || '" + room.value()
                        + "' || chr(9) || 'of a newer version')");
        return true;
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomId room) {
        return false;
    }
}
