package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.tck.RoomBroadcasterContract;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(autoCloseArguments = false)
@MethodSource("io.github.ephemeralchat.redis.RedisServer#sharedByAll")
class RedisRoomBroadcasterTest extends RoomBroadcasterContract {

    private static final KeyNames NAMES = new KeyNames("ec");

    private final RedisCommands<String, String> look;
    private final TestNodes nodes;

    RedisRoomBroadcasterTest(RedisServer server) {
        this.look = TestNodes.look(server);
        this.nodes = new TestNodes(server.uri());
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
    protected boolean publishUnknownKind(RoomId room) {
        return look.publish(NAMES.channel(room), "1 Q 7 8\0of a newer version") > 0;
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomId room) {
        String channel = NAMES.channel(room);
        return look.pubsubNumsub(channel).get(channel) > 0;
    }
}
