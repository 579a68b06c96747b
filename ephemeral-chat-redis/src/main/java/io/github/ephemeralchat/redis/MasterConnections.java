package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.redis.RedisConnector.ClusterNodes;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections for signals to the masters of a cluster, one for each: a room's channel is subscribed on the master that
 * has its slot. Who that is the client's view of the cluster says, which is refreshed if it is doubted. Thread-safe.
 */
final class MasterConnections {

    /** Makes a connection of what opens it. */
    interface Factory
            extends Function<
                    Supplier<CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>>>,
                    SignalConnection> {}

    private static final long REFRESH_SECONDS = 2;

    private final ClusterNodes nodes;
    private final Factory factory;
    private final AtomicBoolean refreshing = new AtomicBoolean();

    /** By the ids of the nodes. A node keeps its id if it gets another address. */
    private final ConcurrentMap<String, SignalConnection> byNode = new ConcurrentHashMap<>();

    MasterConnections(ClusterNodes nodes, Factory factory) {
        this.nodes = nodes;
        this.factory = factory;
    }

    /** The connection to the master that has a slot; null if none has it. */
    @Nullable
    SignalConnection of(int slot) {
        RedisClusterNode master = nodes.partitions().getMasterBySlot(slot);
        return master == null ? null : to(master);
    }

    private SignalConnection to(RedisClusterNode master) {
        return byNode.computeIfAbsent(master.getNodeId(), id -> factory.apply(() -> nodes.openSignals(id)));
    }

    /** Opens what is missing, before a room asks for it, and closes what no room and no master needs. */
    void keep(Set<SignalConnection> used) {
        nodes.partitions().forEach(node -> {
            if (isMaster(node)) {
                to(node);
            }
        });
        byNode.forEach((id, connection) -> {
            RedisClusterNode node = nodes.partitions().getPartitionByNodeId(id);
            if (!used.contains(connection) && (node == null || !isMaster(node)) && byNode.remove(id, connection)) {
                CompletableFuture<?> unused = connection.connection.closeAsync();
            }
        });
    }

    private static boolean isMaster(RedisClusterNode node) {
        return node.is(NodeFlag.UPSTREAM) && !node.hasNoSlots();
    }

    /** Asks the cluster again who has which slots; not twice at once. */
    void refresh(Runnable then) {
        if (!refreshing.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> answer = new CompletableFuture<>();
        CompletableFuture<Void> unused = answer.orTimeout(REFRESH_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, failure) -> {
                    refreshing.set(false);
                    then.run();
                });
        try {
            nodes.refresh().whenComplete((done, failure) -> answer.complete(null));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /** Whether some master does not answer: another one may have its slots by now. */
    boolean isAnyDoubted() {
        return byNode.values().stream().anyMatch(one -> !one.connection.isAnswering());
    }

    void tick() {
        byNode.values().forEach(one -> one.connection.tick());
    }

    /** Waits for nothing. */
    void close() {
        byNode.values().forEach(one -> {
            CompletableFuture<?> unused = one.connection.closeAsync();
        });
    }
}
