package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.RoomId;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.tck.RoomBroadcasterContract;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

class RedisRoomBroadcasterTest extends RoomBroadcasterContract {

    private static final RedisServer SERVER = RedisServer.shared();
    private static final RedisCommands<String, String> LOOK = TestNodes.look(SERVER);
    private static final KeyNames NAMES = new KeyNames("ec");

    private final TestNodes nodes = new TestNodes(SERVER.uri());

    @AfterAll
    static void everyKeyHadAnEnd() {
        ExpiryWatcher.assertEveryKeyHadAnEnd();
    }

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
        return LOOK.clientKill(KillArgs.Builder.typePubsub()) > 0;
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomId room) {
        String channel = NAMES.channel(room);
        return LOOK.pubsubNumsub(channel).get(channel) > 0;
    }
}
