package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.ClientListArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signals in a cluster go to the master that has the room's slot, and follow it. */
class ShardedSignalsTest {

    private static final KeyNames NAMES = new KeyNames("ec");
    private static final int ROOMS = 12;
    /** After this each room hears again, whatever has happened. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static TestCluster cluster;

    private final List<HealedRooms> healed = new ArrayList<>();
    private final ChatNode here = watched(RedisChat.connect(cluster.uris()));
    private final ChatNode there = watched(RedisChat.connect(cluster.uris()));
    private List<ChatNode> talking = List.of(here, there);
    private final List<Membership> rooms = new ArrayList<>();
    private final List<List<Heard>> heard = new ArrayList<>();
    private final List<HistoryChecker> checkers = new ArrayList<>();

    @BeforeAll
    static void startCluster() {
        cluster = new TestCluster("--appendonly", "yes", "--appendfsync", "always");
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @AfterEach
    void nothingStaysSubscribed() {
        try (here;
                there) {
            rooms.forEach(room -> ChatNode.untilAnswered(
                    () -> here.service().asHost(room.room().id()).destroy()));
            Await.until(
                    SOON,
                    "no server has a room's channel",
                    () -> plainChannels().isEmpty() && shardChannels().isEmpty());
        }
    }

    private ChatNode watched(RedisChat redis) {
        HealedRooms watch = new HealedRooms();
        healed.add(watch);
        return new ChatNode(
                redis,
                EphemeralChatService.builder(watch.watch(redis.store()))
                        .broadcaster(watch.watch(redis.broadcaster()))
                        .build());
    }

    private static String channel(Membership room) {
        return NAMES.channel(room.room().id());
    }

    private static double busMessages(String kind) {
        return cluster.nodes().stream()
                .mapToDouble(server -> server.clusterInfo()
                        .lines()
                        .filter(line -> line.startsWith("cluster_stats_messages_" + kind + "_sent:"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                        .sum())
                .sum();
    }

    private void open(ChatNode... listening) {
        talking = List.of(listening);
        for (int i = 0; i < ROOMS; i++) {
            Membership room = ChatNode.untilAnswered(here::room);
            rooms.add(room);
            checkers.add(new HistoryChecker());
            heard.add(Stream.of(listening).map(node -> node.listen(room)).toList());
        }
    }

    /** Each room is talked in on one node alone, so that the other one hears of nothing but by signals. */
    private void post(int room, String text) {
        ChatNode node = talking.get(room % 2);
        PostResult posted = node.postUntilStored(rooms.get(room), text, text.replace(' ', '-'));
        checkers.get(room).acknowledged(posted.message().sequence(), text);
    }

    /** Each room hears what is said in it now, within 5 s from when it is stored. */
    private void assertHeardSoon(String text) {
        assertHeard(text, SOON);
    }

    private void assertHeard(String text, Duration within) {
        for (int i = 0; i < ROOMS; i++) {
            post(i, text);
            List<Heard> all = heard.get(i);
            Await.until(
                    within, "room " + i + " hears " + text, () -> all.stream().allMatch(one -> one.hasText(text)));
        }
    }

    private void assertComplete() {
        for (int i = 0; i < ROOMS; i++) {
            for (int n = 0; n < heard.get(i).size(); n++) {
                Heard one = heard.get(i).get(n);
                one.tell(checkers.get(i), "subscriber " + n);
                assertThat(one.resets()).isZero();
            }
            assertThat(checkers.get(i).findings()).isEmpty();
        }
    }

    @Test
    void roomIsSubscribedOnTheMasterOfItsSlotAlone() {
        open(here, there);
        for (Membership room : rooms) {
            RedisCommands<String, String> master = cluster.masterOf(channel(room));
            for (RedisCommands<String, String> server : cluster.nodes()) {
                assertThat(server.pubsubShardNumsub(channel(room)).get(channel(room)))
                        .isEqualTo(server == master ? 2L : 0L);
                assertThat(server.pubsubChannels()).allMatch("ec:all"::equals);
            }
        }
        assertThat(cluster.nodes())
                .allSatisfy(server -> assertThat(server.clientList(ClientListArgs.Builder.typePubsub())
                                .lines())
                        .allMatch(client -> client.contains(" user=chat ")));
        double toAll = busMessages("publish");
        double toReplicas = busMessages("publishshard");
        assertHeardSoon("hello");
        assertThat(busMessages("publish") - toAll).isZero();
        assertThat(busMessages("publishshard") - toReplicas).isBetween(1.0, 1.5 * ROOMS);
        assertComplete();
    }

    @Test
    void hostMayPassItsOwnClient() {
        try (RedisClusterClient client = RedisClusterClient.create(List.of(cluster.uris()));
                RedisChat redis =
                        RedisChat.builder().client(client, cluster.uris()[0]).connect();
                ChatNode node = new ChatNode(redis, EphemeralChatService.create(redis.store(), redis.broadcaster()))) {
            open(node, here);
            assertThat(shardChannels()).hasSize(ROOMS);
            assertHeardSoon("hello");
        }
    }

    @Test
    void roomThatEndsWhileItIsSubscribedLeavesNothing() {
        for (int i = 0; i < Rounds.of(200, 2000); i++) {
            Membership room = here.room();
            here.service().subscribe(room.room().id(), Cursor.start(), event -> {});
            Registration other =
                    there.redis().broadcaster().subscribe(room.room().id(), signal -> {});
            here.service().asHost(room.room().id()).destroy();
            other.close();
        }
        Await.until(
                SOON,
                "no channel is kept",
                () -> Stream.of(here, there)
                        .allMatch(node ->
                                node.redis().broadcaster().channels.keySet().equals(Set.of("ec:all"))));
    }

    /** As if a master was older than Redis 7, and then replaced by a newer one while nodes run. */
    @Test
    void signalsArePlainOverAnOlderMasterAndShardedOnceAllAreNewer() {
        try (ChatNode one = plain();
                ChatNode other = plain()) {
            open(one, other);
            assertThat(plainChannels())
                    .containsAll(rooms.stream().map(ShardedSignalsTest::channel).toList());
            assertHeardSoon("plain");
            assertThat(shardChannels()).isEmpty();

            Stream.of(one, other).forEach(node -> node.redis().calls.setSharded(true));
            Await.until(
                    SOON,
                    "all are sharded",
                    () -> shardChannels().size() == ROOMS && plainChannels().isEmpty());
            assertHeardSoon("sharded");

            // As if their user may not shard them any more, when nothing is known against any connection.
            RedisServer.sleep(2_500);
            Stream.of(one, other).forEach(node -> node.redis().calls.setSharded(false));
            Await.until(
                    SOON,
                    "all are plain again",
                    () -> shardChannels().isEmpty() && plainChannels().size() >= ROOMS);
            assertHeardSoon("plain again");
            assertComplete();
        }
    }

    /** As it is after an upgrade of the servers, before that of their users. */
    @Test
    void signalsArePlainIfTheUserMayNotShardThem() {
        cluster.nodes()
                .forEach(server ->
                        server.aclSetuser("chat", AclSetuserArgs.Builder.removeCommand(CommandType.SPUBLISH)));
        try (LogLines lines = new LogLines();
                RedisChat redis = RedisChat.connect(cluster.uris())) {
            assertThat(lines.all()).containsOnlyOnce("not allowed SPUBLISH");
            assertThat(redis.calls.isSharded()).isFalse();
        } finally {
            cluster.nodes()
                    .forEach(server ->
                            server.aclSetuser("chat", AclSetuserArgs.Builder.addCommand(CommandType.SPUBLISH)));
        }
    }

    /** Redis 6 has no sharded pub/sub; of a master that does not answer nothing is known. */
    @Test
    void signalsAreShardedIfNoMasterIsOlderThanRedis7() {
        assertThat(ShardingCheck.judge(List.of(7, 8, 7))).contains(true);
        assertThat(ShardingCheck.judge(List.of(7, 6, 8))).contains(false);
        assertThat(ShardingCheck.judge(List.of(7, 0, 8))).contains(true);
        assertThat(ShardingCheck.judge(List.of(0, 0))).isEmpty();
    }

    private static ChatNode plain() {
        RedisChat redis =
                RedisChat.builder().cluster(cluster.uris()).plainSignals().connect();
        return new ChatNode(redis, EphemeralChatService.create(redis.store(), redis.broadcaster()));
    }

    private static List<String> plainChannels() {
        return cluster.nodes().stream()
                .flatMap(server -> server.pubsubChannels("*:sig").stream())
                .toList();
    }

    private static List<String> shardChannels() {
        return cluster.nodes().stream()
                .flatMap(server -> server.pubsubShardChannels().stream())
                .toList();
    }

    /** What is moved or lost while people talk; nothing is lost or doubled, and no room needs a position check. */
    @Test
    void roomsHearAgainSoonWhateverHappensToTheirSlots() {
        open(here, there);
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> writers = List.of(writer(0, stop), writer(1, stop));
        for (int round = 1; round <= Rounds.of(1, 5); round++) {
            rooms.subList(0, 3).forEach(room -> cluster.moveSlotOf(channel(room)));
            assertHeardSoon("slots were moved " + round);

            cluster.killAndRestartMaster();
            assertHeardSoon("a master was restarted " + round);

            cluster.failOver(1);
            assertHeardSoon("a replica took over " + round);

            cluster.moveSlots(slots());
            assertHeardSoon("all was moved " + round);
            cluster.failOver(1);
            assertHeardSoon("the other took over " + round);
        }
        stop.set(true);
        writers.forEach(ShardedSignalsTest::join);
        assertHeardSoon("last");
        assertComplete();
        long checked = healed.stream().mapToLong(HealedRooms::count).sum();
        System.out.println("SHARDED " + checked + " of " + 2 * ROOMS + " feeds were healed by a position check alone");
        assertThat(checked).isZero();
    }

    private List<Integer> slots() {
        return Rounds.of(1, 2) == 1
                ? rooms.stream()
                        .map(room -> SlotHash.getSlot(channel(room)))
                        .distinct()
                        .toList()
                : IntStream.range(0, SlotHash.SLOT_COUNT).boxed().collect(Collectors.toList());
    }

    private Thread writer(int parity, AtomicBoolean stop) {
        Thread thread = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                post(2 * ThreadLocalRandom.current().nextInt(ROOMS / 2) + parity, "message " + i);
                RedisServer.sleep(5);
            }
        });
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).as("a writer is still at it").isFalse();
    }

    /** As a master on a machine that is gone: nobody closes the connections to it. */
    @Test
    void roomsHearAgainSoonAfterTheirMasterHasFallenSilent() {
        open(here, there);
        assertHeardSoon("before");
        int silent = cluster.silenceMasterOf(channel(rooms.get(0)));
        try {
            assertHeardSoon("while it is silent");
        } finally {
            cluster.endSilence(silent);
        }
        // A question to the cluster that a silent server has held may still be under way.
        assertHeard("after it", Duration.ofSeconds(30));
        assertComplete();
    }

    /** The client's connections to all masters are lost, and their new ones know no channel. */
    @Test
    void listenersAreToldAfterAllConnectionsWereLost() {
        Queue<RoomSignal> signals = new ConcurrentLinkedQueue<>();
        open(here, there);
        List<Registration> registrations = rooms.stream()
                .map(room -> here.redis().broadcaster().subscribe(room.room().id(), signals::add))
                .toList();
        cluster.nodes().forEach(server -> server.clientKill(KillArgs.Builder.typePubsub()));
        Await.until(
                SOON,
                "all are told",
                () -> rooms.stream()
                        .allMatch(room -> signals.contains(
                                new RoomSignal.Missed(room.room().id()))));
        assertThat(shardChannels())
                .containsExactlyInAnyOrderElementsOf(
                        rooms.stream().map(ShardedSignalsTest::channel).toList());
        registrations.forEach(Registration::close);
    }
}
