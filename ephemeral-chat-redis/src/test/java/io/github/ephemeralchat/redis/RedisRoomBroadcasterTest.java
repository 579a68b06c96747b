package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.RoomId;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.tck.RoomBroadcasterContract;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

class RedisRoomBroadcasterTest extends RoomBroadcasterContract {

    private static final KeyNames NAMES = new KeyNames("ec");

    private final RedisCommands<String, String> look = TestNodes.look(server());
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
    protected Nodes createNodes() {
        return new Nodes(
                nodes.light(LogLimits.DEFAULT).broadcaster(),
                nodes.light(LogLimits.DEFAULT).broadcaster());
    }

    @Override
    protected boolean disturb() {
        return look.clientKill(KillArgs.Builder.typePubsub()) > 0;
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomId room) {
        String channel = NAMES.channel(room);
        return look.pubsubNumsub(channel).get(channel) > 0;
    }
}
