package io.github.ephemeralchat.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How connections are opened, to whatever kind of Redis it is. Every connection is the caller's to close.
 *
 * @param openSignals its values are bytes: the lengths in a signal count bytes
 * @param openOnLoops opens a connection for commands on each event loop of the host's
 * @param cluster the nodes; null if it is no cluster
 * @param close ends what was made for these connections; nothing of the host's
 */
record RedisConnector(
        Opener openCommands,
        Supplier<CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>>> openSignals,
        Map<EventLoop, Opener> openOnLoops,
        @Nullable ClusterNodes cluster,
        Runnable close) {

    /** Opens a connection for commands. */
    interface Opener extends Supplier<CompletionStage<? extends StatefulConnection<String, String>>> {}

    /**
     * The nodes of a cluster.
     *
     * @param cluster knows who they are, and which slots each has
     * @param client opens a connection to one of them, which it does not reconnect
     * @param settings what each connection takes, such as a password: what the cluster says of its nodes lacks it
     */
    record ClusterNodes(RedisClusterClient cluster, RedisClient client, RedisURI settings) {

        static ClusterNodes of(RedisClusterClient cluster, RedisClient client, RedisURI settings) {
            client.setOptions(cluster.getOptions().mutate().autoReconnect(false).build());
            return new ClusterNodes(cluster, client, settings);
        }

        Partitions partitions() {
            return cluster.getPartitions();
        }

        /** Asks them again who they are. */
        CompletionStage<Void> refresh() {
            return cluster.refreshPartitionsAsync();
        }

        CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>> openSignals(String nodeId) {
            RedisClusterNode node = partitions().getPartitionByNodeId(nodeId);
            if (node == null) {
                return CompletableFuture.failedFuture(new RedisException("the cluster has no such node"));
            }
            RedisURI address = node.getUri();
            return client.connectPubSubAsync(
                    SIGNALS,
                    RedisURI.builder(settings)
                            .withHost(address.getHost())
                            .withPort(address.getPort())
                            .build());
        }
    }

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
        return server(client, uri, Map.of(), () -> {});
    }

    /** The client for single nodes is the library's, with the host's options and resources. */
    static RedisConnector ofHost(RedisClusterClient client, RedisURI uri) {
        RedisClient single = RedisClient.create(client.getResources());
        return cluster(
                client, ClusterNodes.of(client, single, uri), () -> single.shutdown(Duration.ZERO, CLOSE_TIMEOUT));
    }

    /**
     * Over clients of the library's.
     *
     * @param hosts null for resources of the library's
     * @param loops where connections are put, one for commands on each; null for Lettuce's own
     * @param batchDelay how long a command on a loop waits at most for others
     */
    static RedisConnector own(
            RedisURI uri,
            ClientOptions basis,
            @Nullable ClientResources hosts,
            @Nullable EventLoopGroup loops,
            Duration batchDelay) {
        Owned owned = new Owned();
        ClientResources resources = owned.resources(hosts, loops);
        RedisURI bounded = bounded(uri);
        Map<EventLoop, Opener> onLoops = new LinkedHashMap<>();
        for (EventLoop loop : EventLoops.of(loops)) {
            RedisClient ofLoop = owned.client(RedisClient.create(owned.ofLoop(resources, loop, batchDelay)), basis);
            onLoops.put(loop, () -> ofLoop.connectAsync(TextCodec.INSTANCE, bounded));
        }
        return server(owned.client(RedisClient.create(resources), basis), bounded, onLoops, owned::close);
    }

    static RedisConnector ownCluster(
            List<RedisURI> nodes,
            ClientOptions basis,
            @Nullable ClientResources hosts,
            @Nullable EventLoopGroup loops) {
        Owned owned = new Owned();
        List<RedisURI> bounded = nodes.stream().map(RedisConnector::bounded).toList();
        ClientResources resources = owned.resources(hosts, loops);
        RedisClusterClient client = owned.client(RedisClusterClient.create(resources, bounded), basis);
        RedisClient single = owned.client(RedisClient.create(resources), basis);
        return cluster(client, ClusterNodes.of(client, single, bounded.get(0)), owned::close);
    }

    /** Clients and resources that the library has made; ended in the reverse order. */
    private static final class Owned {

        private final Deque<Runnable> endings = new ArrayDeque<>();

        /** Resources with these loops if there are any, based on others if there are any. */
        ClientResources resources(@Nullable ClientResources others, @Nullable EventLoopGroup loops) {
            ClientResources basis = others == null ? owned(RedisConnector.resources()) : others;
            return loops == null ? basis : owned(new EventLoops(loops).with(basis));
        }

        ClientResources ofLoop(ClientResources others, EventLoop loop, Duration batchDelay) {
            EventLoops one = new EventLoops(loop);
            return owned(batchDelay.isZero() ? one.with(others) : one.with(others, batchDelay));
        }

        private ClientResources owned(ClientResources made) {
            endings.push(() -> made.shutdown(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis()));
            return made;
        }

        RedisClient client(RedisClient made, ClientOptions basis) {
            made.setOptions(options(basis));
            endings.push(() -> made.shutdown(Duration.ZERO, CLOSE_TIMEOUT));
            return made;
        }

        RedisClusterClient client(RedisClusterClient made, ClientOptions basis) {
            made.setOptions(options(basis));
            endings.push(() -> made.shutdown(Duration.ZERO, CLOSE_TIMEOUT));
            return made;
        }

        void close() {
            endings.forEach(Runnable::run);
        }
    }

    private static RedisConnector server(
            RedisClient client, RedisURI uri, Map<EventLoop, Opener> onLoops, Runnable close) {
        return new RedisConnector(
                () -> client.connectAsync(TextCodec.INSTANCE, uri),
                () -> client.connectPubSubAsync(SIGNALS, uri),
                onLoops,
                null,
                close);
    }

    private static RedisConnector cluster(RedisClusterClient client, ClusterNodes nodes, Runnable close) {
        return new RedisConnector(
                () -> client.refreshPartitionsAsync().thenCompose(known -> client.connectAsync(TextCodec.INSTANCE)),
                () -> client.refreshPartitionsAsync().thenCompose(known -> client.connectPubSubAsync(SIGNALS)),
                Map.of(),
                nodes,
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
}
