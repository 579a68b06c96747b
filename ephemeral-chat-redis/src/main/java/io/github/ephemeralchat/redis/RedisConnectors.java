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
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The kinds of Redis, each with a client of our own or one of the host's. */
final class RedisConnectors {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    /** Longer than a call may take: the first handshake of a JVM loads all that TLS needs. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(4);

    private static final Duration RECONNECT_AT_MOST = Duration.ofMillis(500);
    private static final Duration REFRESH_TOPOLOGY = Duration.ofSeconds(15);
    private static final Duration REFRESH_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int MAX_QUEUE = 10_000;

    private RedisConnectors() {}

    static RedisConnector ofHost(RedisClient client, RedisURI uri) {
        return new OneServer(client, uri, () -> {});
    }

    static RedisConnector ofHost(RedisClusterClient client) {
        return new Cluster(client, () -> {});
    }

    /** What a client of our own begins with: Lettuce's defaults, or what a host has for its own. */
    record Basis(ClientOptions options, @Nullable ClientResources hosts) {

        static final Basis DEFAULT = new Basis(ClientOptions.create(), null);
    }

    static RedisConnector own(RedisURI uri, Basis basis) {
        ClientResources resources = basis.hosts() == null ? resources() : basis.hosts();
        RedisClient client = RedisClient.create(resources);
        client.setOptions(options(basis.options().mutate(), basis).build());
        return new OneServer(client, bounded(uri), () -> close(client, resources, basis));
    }

    static RedisConnector ownCluster(List<RedisURI> nodes, Basis basis) {
        ClientResources resources = basis.hosts() == null ? resources() : basis.hosts();
        RedisClusterClient client = RedisClusterClient.create(
                resources, nodes.stream().map(RedisConnectors::bounded).toList());
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(REFRESH_TOPOLOGY)
                .adaptiveRefreshTriggersTimeout(REFRESH_AGAIN)
                .build();
        ClusterClientOptions.Builder builder =
                ClusterClientOptions.builder(basis.options()).topologyRefreshOptions(refresh);
        options(builder, basis);
        client.setOptions(builder.build());
        return new Cluster(client, () -> close(client, resources, basis));
    }

    private static ClientResources resources() {
        return ClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ofMillis(10), RECONNECT_AT_MOST, 2, TimeUnit.MILLISECONDS))
                .build();
    }

    /** Nothing waits for a server that is away, and nothing is sent twice. */
    private static <B extends ClientOptions.Builder> B options(B builder, Basis basis) {
        builder.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .autoReconnect(true)
                .requestQueueSize(MAX_QUEUE)
                .socketOptions(basis.options()
                        .getSocketOptions()
                        .mutate()
                        .connectTimeout(CONNECT)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(RedisCalls.COMMAND_TIMEOUT));
        return builder;
    }

    /** A copy whose time-out also bounds the handshake of a new connection. Lettuce's own copy forgets Sentinels. */
    private static RedisURI bounded(RedisURI uri) {
        RedisURI.Builder copy = RedisURI.builder(uri).withTimeout(HANDSHAKE);
        if (!uri.getSentinels().isEmpty()) {
            copy.withSentinelMasterId(uri.getSentinelMasterId());
            uri.getSentinels().forEach(sentinel -> copy.withSentinel(bounded(sentinel)));
        }
        return copy.build();
    }

    private static void close(AbstractRedisClient client, ClientResources resources, Basis basis) {
        client.shutdown(Duration.ZERO, CLOSE);
        if (resources != basis.hosts()) {
            resources.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE.toMillis());
        }
    }

    /** One server, or the one that Sentinel names. */
    private record OneServer(RedisClient client, RedisURI uri, Runnable atEnd) implements RedisConnector {

        @Override
        public CompletionStage<? extends StatefulConnection<String, byte[]>> openCommands() {
            return client.connectAsync(CODEC, uri);
        }

        @Override
        public CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>> openPubSub() {
            return client.connectPubSubAsync(CODEC, uri);
        }

        @Override
        public void close() {
            atEnd.run();
        }
    }

    private record Cluster(RedisClusterClient client, Runnable atEnd) implements RedisConnector {

        @Override
        public CompletionStage<? extends StatefulConnection<String, byte[]>> openCommands() {
            return client.refreshPartitionsAsync().thenCompose(known -> client.connectAsync(CODEC));
        }

        @Override
        public CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>> openPubSub() {
            return client.refreshPartitionsAsync().thenCompose(known -> client.connectPubSubAsync(CODEC));
        }

        @Override
        public void close() {
            atEnd.run();
        }
    }
}
