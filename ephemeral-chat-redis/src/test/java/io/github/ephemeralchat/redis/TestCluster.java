package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.RedisBinary;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.Partitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Masters with a replica each, or with none, made without any tool but the server itself. */
final class TestCluster implements AutoCloseable {

    private static final int SLOTS = SlotHash.SLOT_COUNT;
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);

    private static final int MASTERS = 3;
    private final RedisClient client = RedisClient.create();
    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisCommands<String, String>> nodes = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    /** Three masters with a replica each. A master that has given away its last slot stays one. */
    TestCluster(String... options) {
        this(
                RedisBinary.redis(),
                Stream.concat(Stream.of("--cluster-allow-replica-migration", "no"), Stream.of(options))
                        .toArray(String[]::new));
    }

    /** The same over another program. */
    TestCluster(RedisBinary binary, String... options) {
        List<String> all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "1500"));
        all.addAll(List.of("--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(options));
        for (int i = 0; i < 2 * MASTERS; i++) {
            servers.add(RedisServer.start(binary, all.toArray(String[]::new)));
            nodes.add(client.connect(servers.get(i).adminUri()).sync());
            ids.add(nodes.get(i).clusterMyId());
        }
        for (int i = 0; i < MASTERS; i++) {
            int from = i * SLOTS / MASTERS;
            int to = (i + 1) * SLOTS / MASTERS;
            nodes.get(i).clusterAddSlots(IntStream.range(from, to).toArray());
            nodes.get(i).clusterSetConfigEpoch(i + 1);
        }
        servers.forEach(server -> nodes.get(0).clusterMeet("127.0.0.1", server.port()));
        awaitAll("all know each other", "cluster_known_nodes:" + servers.size());
        for (int i = MASTERS; i < servers.size(); i++) {
            replicate(nodes.get(i), ids.get(i - MASTERS));
        }
        awaitWhole();
    }

    private static void replicate(RedisCommands<String, String> node, String master) {
        Await.until(
                COMMAND_TIMEOUT,
                "the replica knows its master",
                () -> node.clusterNodes().contains(master));
        node.clusterReplicate(master);
    }

    /** Waits until all servers serve, and all replicas follow. */
    void awaitWhole() {
        awaitAll("the cluster is whole", "cluster_state:ok");
        Await.until(
                COMMAND_TIMEOUT,
                "the replicas follow",
                () -> nodes.stream()
                        .map(node -> node.info("replication"))
                        .allMatch(info -> info.contains("role:master") || info.contains("master_link_status:up")));
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

    /** What a test asks the servers by: those that were masters first come first. */
    List<RedisCommands<String, String>> nodes() {
        return nodes;
    }

    /** The server that has a key's slot. */
    RedisCommands<String, String> masterOf(String key) {
        return nodes.get(ownerOf(SlotHash.getSlot(key)));
    }

    private int ownerOf(int slot) {
        return ids.indexOf(view(nodes.get(1)).getMasterBySlot(slot).getNodeId());
    }

    private static Partitions view(RedisCommands<String, String> asked) {
        return ClusterPartitionParser.parse(asked.clusterNodes());
    }

    /** Kills the first master. */
    void killMaster() {
        servers.get(0).kill();
    }

    /** Kills the first master, and starts it again before anybody takes over. */
    void killAndRestartMaster() {
        nodes.get(MASTERS).configSet("cluster-replica-no-failover", "yes");
        servers.get(0).kill();
        servers.get(0).restart();
        awaitWhole();
        nodes.get(MASTERS).configSet("cluster-replica-no-failover", "no");
    }

    /**
     * Has a key's master fall silent: its connections stay open, and its replica takes over after the time of the cluster.
     *
     * @return which server that is
     */
    int silenceMasterOf(String key) {
        int silent = ownerOf(SlotHash.getSlot(key));
        servers.get(silent).freeze();
        return silent;
    }

    /** Ends the silence of a server that nobody has taken over from. */
    void thaw(int silent) {
        servers.get(silent).thaw();
    }

    /** Ends the silence of a server, which is a master again then. */
    void endSilence(int silent) {
        servers.get(silent).thaw();
        Await.until(
                COMMAND_TIMEOUT,
                "it follows",
                () -> nodes.get(silent).info("replication").contains("master_link_status:up"));
        awaitWhole();
        failOver(silent % MASTERS);
    }

    /** A replica takes over from its master, or the other way round; both live. */
    void failOver(int master) {
        boolean isReplica = nodes.get(master + MASTERS).info("replication").contains("role:slave");
        RedisCommands<String, String> next = nodes.get(isReplica ? master + MASTERS : master);
        // It gives up after 5 s if the other masters have not elected it, as they may just have elected another one.
        for (int i = 0; i < 120 && !next.info("replication").contains("role:master"); i++) {
            if (i % 60 == 0) {
                next.clusterFailover(false);
            }
            RedisServer.sleep(100);
        }
        assertThat(next.info("replication")).contains("role:master");
        awaitWhole();
    }

    /**
     * Moves the slot of a key, with all that is in it, to another master, and waits until every node knows: the next move
     * takes an epoch above all that its target has heard of, and where two moves had the same one, nodes would send each
     * other's clients to and fro for ever.
     */
    void moveSlotOf(String key) {
        moveSlots(List.of(SlotHash.getSlot(key)));
    }

    /** Moves slots to the master after theirs. */
    void moveSlots(Collection<Integer> slots) {
        Map<Integer, List<Integer>> byOwner =
                slots.stream().collect(Collectors.groupingBy(this::ownerOf, TreeMap::new, Collectors.toList()));
        List<Integer> owners = IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).info("replication").contains("role:master"))
                .boxed()
                .toList();
        byOwner.forEach((from, some) -> {
            int to = owners.get((owners.indexOf(from) + 1) % owners.size());
            some.forEach(slot -> move(slot, from, to));
            Await.until(COMMAND_TIMEOUT, "all know who has the slots", () -> {
                int last = some.get(some.size() - 1);
                long epoch = view(nodes.get(to)).getMasterBySlot(last).getConfigEpoch();
                return nodes.stream()
                        .map(node -> view(node))
                        .allMatch(seen -> some.stream()
                                .map(seen::getMasterBySlot)
                                .allMatch(owner ->
                                        owner.getNodeId().equals(ids.get(to)) && owner.getConfigEpoch() == epoch));
            });
        });
    }

    private void move(int slot, int from, int to) {
        beginMove(slot, from, to);
        migrate(nodes.get(from).clusterGetKeysInSlot(slot, 100), from, to);
        nodes.get(to).clusterSetSlotNode(slot, ids.get(to));
        nodes.get(from).clusterSetSlotNode(slot, ids.get(to));
    }

    private void beginMove(int slot, int from, int to) {
        nodes.get(to).clusterSetSlotImporting(slot, ids.get(from));
        nodes.get(from).clusterSetSlotMigrating(slot, ids.get(to));
    }

    private void migrate(List<String> keys, int from, int to) {
        if (!keys.isEmpty()) {
            nodes.get(from).migrate("127.0.0.1", servers.get(to).port(), 0, 1000, MigrateArgs.Builder.keys(keys));
        }
    }

    /** Begins to move a slot to the master after its own, and moves those keys of it alone. */
    void moveOnly(String... keys) {
        int slot = SlotHash.getSlot(keys[0]);
        int from = ownerOf(slot);
        int to = (from + 1) % MASTERS;
        List<String> present =
                Stream.of(keys).filter(key -> nodes.get(from).exists(key) == 1).toList();
        beginMove(slot, from, to);
        migrate(present, from, to);
    }

    @Override
    public void close() {
        client.shutdown();
        servers.forEach(RedisServer::close);
    }
}
