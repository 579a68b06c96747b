package io.github.ephemeralchat.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How connections are opened, to whatever kind of Redis it is. Every connection is the caller's to close.
 *
 * @param openSignals its values are bytes: the lengths in a signal count bytes
 * @param close ends what was made for these connections; nothing of the host's
 */
record RedisConnector(
        Supplier<CompletionStage<? extends StatefulConnection<String, String>>> openCommands,
        Supplier<CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>>> openSignals,
        Runnable close) {

    private static final RedisCodec<String, byte[]> SIGNALS =
            RedisCodec.of(TextCodec.INSTANCE, ByteArrayCodec.INSTANCE);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    /** Longer than a call may take: the first handshake of a JVM loads all that TLS needs. */
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(4);

    private static final Duration MAX_RECONNECT_DELAY = Duration.ofMillis(500);
    private static final Duration TOPOLOGY_PERIOD = Duration.ofSeconds(15);
    private static final Duration TOPOLOGY_PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_QUEUE = 10_000;

    /** Over a client of the host: one server, or the one that Sentinel names. */
    static RedisConnector ofHost(RedisClient client, RedisURI uri) {
        return server(client, uri, () -> {});
    }

    static RedisConnector ofHost(RedisClusterClient client) {
        return cluster(client, () -> {});
    }

    static RedisConnector own(RedisURI uri, ClientOptions basis, @Nullable ClientResources hosts) {
        ClientResources resources = hosts == null ? resources() : hosts;
        RedisClient client = RedisClient.create(resources);
        client.setOptions(options(basis));
        return server(client, bounded(uri), () -> close(client, hosts == null ? resources : null));
    }

    static RedisConnector ownCluster(List<RedisURI> nodes, ClientOptions basis, @Nullable ClientResources hosts) {
        ClientResources resources = hosts == null ? resources() : hosts;
        RedisClusterClient client = RedisClusterClient.create(
                resources, nodes.stream().map(RedisConnector::bounded).toList());
        client.setOptions(options(basis));
        return cluster(client, () -> close(client, hosts == null ? resources : null));
    }

    private static RedisConnector server(RedisClient client, RedisURI uri, Runnable close) {
        return new RedisConnector(
                () -> client.connectAsync(TextCodec.INSTANCE, uri),
                () -> client.connectPubSubAsync(SIGNALS, uri),
                close);
    }

    private static RedisConnector cluster(RedisClusterClient client, Runnable close) {
        return new RedisConnector(
                () -> client.refreshPartitionsAsync().thenCompose(known -> client.connectAsync(TextCodec.INSTANCE)),
                () -> client.refreshPartitionsAsync().thenCompose(known -> client.connectPubSubAsync(SIGNALS)),
                close);
    }

    private static ClientResources resources() {
        return ClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ofMillis(10), MAX_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS))
                .build();
    }

    /** Nothing waits for a server that is away, and nothing is sent twice. What is a cluster's does not concern one server. */
    private static ClusterClientOptions options(ClientOptions basis) {
        return ClusterClientOptions.builder(basis)
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_PERIOD)
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
                        .build())
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .autoReconnect(true)
                .requestQueueSize(MAX_QUEUE)
                .socketOptions(basis.getSocketOptions()
                        .mutate()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(RedisCalls.COMMAND_TIMEOUT))
                .build();
    }

    /** A copy whose time-out also bounds the handshake of a new connection. Lettuce's own copy forgets Sentinels. */
    private static RedisURI bounded(RedisURI uri) {
        RedisURI.Builder copy = RedisURI.builder(uri).withTimeout(HANDSHAKE_TIMEOUT);
        if (!uri.getSentinels().isEmpty()) {
            copy.withSentinelMasterId(uri.getSentinelMasterId());
            uri.getSentinels().forEach(sentinel -> copy.withSentinel(bounded(sentinel)));
        }
        return copy.build();
    }

    private static void close(AbstractRedisClient client, @Nullable ClientResources own) {
        client.shutdown(Duration.ZERO, CLOSE_TIMEOUT);
        if (own != null) {
            own.shutdown(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
        }
    }
}
