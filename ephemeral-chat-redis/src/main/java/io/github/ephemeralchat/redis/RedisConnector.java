package io.github.ephemeralchat.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletionStage;

/** How connections are opened, to whatever kind of Redis it is. Every connection is the caller's to close. */
interface RedisConnector {

    /** Keys and channels are texts; values are bytes, which no character set touches. */
    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    CompletionStage<? extends StatefulConnection<String, byte[]>> openCommands();

    CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>> openPubSub();

    /** Ends what was made for these connections; nothing of the host's. */
    void close();

    /** The commands that one server and a cluster have in common. */
    static RedisClusterAsyncCommands<String, byte[]> commands(StatefulConnection<String, byte[]> connection) {
        return connection instanceof StatefulRedisClusterConnection<String, byte[]> cluster
                ? cluster.async()
                : ((StatefulRedisConnection<String, byte[]>) connection).async();
    }
}
