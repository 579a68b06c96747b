package io.github.ephemeralchat.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The servers behind a connection: the only one, or the masters of a cluster, each by itself, so that a silent one holds up no call
 * for the others. Thread-safe, but for {@link #tick}.
 */
final class Servers {

    /** The only one, or any of a cluster. */
    private final Server any = new Server(null);

    /** By the ids of the nodes. */
    private final ConcurrentMap<String, Server> masters = new ConcurrentHashMap<>();

    /**
     * The node of a cluster that has a key; null if there is no cluster.
     *
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if no node has it
     */
    static @Nullable RedisClusterNode nodeOf(StatefulConnection<String, String> connection, String key) {
        if (!(connection instanceof StatefulRedisClusterConnection<String, String> cluster)) {
            return null;
        }
        RedisClusterNode node = cluster.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
        if (node == null) {
            throw RedisFutures.unavailable(new RedisException("no node has the slot"));
        }
        return node;
    }

    /** What is known of a node; null is any. */
    Server of(@Nullable RedisClusterNode node) {
        if (node == null) {
            return any;
        }
        Server known = masters.get(node.getNodeId());
        return known == null ? masters.computeIfAbsent(node.getNodeId(), Server::new) : known;
    }

    /** Probes the masters that are silent, and forgets nodes that are gone. Called ten times a second. */
    void tick(@Nullable StatefulConnection<String, String> connection) {
        if (!(connection instanceof StatefulRedisClusterConnection<String, String> cluster)) {
            return;
        }
        Partitions known = cluster.getPartitions();
        if (masters.size() > known.size()) {
            masters.keySet().removeIf(id -> known.getPartitionByNodeId(id) == null);
        }
        masters.forEach((id, server) -> {
            RedisClusterNode node = known.getPartitionByNodeId(id);
            if (node != null) {
                server.probe(() -> RedisCalls.openNode(cluster, node)
                        .thenCompose(open -> open.async().ping().toCompletableFuture()));
            }
        });
    }
}
