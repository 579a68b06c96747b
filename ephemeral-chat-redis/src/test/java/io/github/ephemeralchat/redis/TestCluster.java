package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Three masters with a replica each, made without any tool but the server itself. */
final class TestCluster implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);

    private final RedisClient client = RedisClient.create();
    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisCommands<String, String>> nodes = new ArrayList<>();

    TestCluster() {
        for (int i = 0; i < 2 * MASTERS; i++) {
            servers.add(RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", "1500"));
            nodes.add(client.connect(servers.get(i).adminUri()).sync());
        }
        for (int i = 0; i < MASTERS; i++) {
            int from = i * SLOTS / MASTERS;
            int to = (i + 1) * SLOTS / MASTERS;
            nodes.get(i).clusterAddSlots(IntStream.range(from, to).toArray());
            nodes.get(i).clusterSetConfigEpoch(i + 1);
        }
        servers.forEach(server -> nodes.get(0).clusterMeet("127.0.0.1", server.port()));
        awaitAll("all know each other", "cluster_known_nodes:6");
        for (int i = 0; i < MASTERS; i++) {
            replicate(nodes.get(MASTERS + i), nodes.get(i).clusterMyId());
        }
        awaitAll("the cluster is whole", "cluster_state:ok");
        Await.until(
                COMMAND_TIMEOUT,
                "the replicas follow",
                () -> nodes.subList(MASTERS, 2 * MASTERS).stream()
                        .allMatch(node -> node.info("replication").contains("master_link_status:up")));
    }

    private static void replicate(RedisCommands<String, String> node, String master) {
        Await.until(
                COMMAND_TIMEOUT,
                "the replica knows its master",
                () -> node.clusterNodes().contains(master));
        node.clusterReplicate(master);
    }

    private void awaitAll(String what, String line) {
        Await.until(
                COMMAND_TIMEOUT,
                what,
                () -> nodes.stream().allMatch(node -> node.clusterInfo().contains(line)));
    }

    RedisURI[] uris() {
        return servers.stream().map(RedisServer::uri).toArray(RedisURI[]::new);
    }

    /** Kills the first master. */
    void killMaster() {
        servers.get(0).kill();
    }

    /**
     * Moves the slot of a key, with all that is in it, to another master, and waits until every node knows: the next move
     * takes an epoch above all that its target has heard of, and where two moves had the same one, nodes would send each
     * other's clients to and fro for ever.
     */
    void moveSlotOf(String key) {
        int slot = nodes.get(1).clusterKeyslot(key).intValue();
        int from = IntStream.range(0, MASTERS)
                .filter(i -> slot >= i * SLOTS / MASTERS && slot < (i + 1) * SLOTS / MASTERS)
                .findFirst()
                .orElseThrow();
        int to = (from + 1) % MASTERS;
        String source = nodes.get(from).clusterMyId();
        String target = nodes.get(to).clusterMyId();
        nodes.get(to).clusterSetSlotImporting(slot, source);
        nodes.get(from).clusterSetSlotMigrating(slot, target);
        for (String one : nodes.get(from).clusterGetKeysInSlot(slot, 100)) {
            nodes.get(from).migrate("127.0.0.1", servers.get(to).port(), one, 0, 1000);
        }
        nodes.get(to).clusterSetSlotNode(slot, target);
        nodes.get(from).clusterSetSlotNode(slot, target);
        Await.until(COMMAND_TIMEOUT, "all know who has the slot", () -> {
            long epoch = ownerOf(slot, nodes.get(to)).getConfigEpoch();
            return nodes.stream()
                    .map(node -> ownerOf(slot, node))
                    .allMatch(owner -> owner.getNodeId().equals(target) && owner.getConfigEpoch() == epoch);
        });
    }

    private static RedisClusterNode ownerOf(int slot, RedisCommands<String, String> asked) {
        return ClusterPartitionParser.parse(asked.clusterNodes()).getPartitionBySlot(slot);
    }

    @Override
    public void close() {
        client.shutdown();
        servers.forEach(RedisServer::close);
    }
}
