package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.tck.Crowd;
import io.github.ephemeralchat.transport.Subscription;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a unit costs in Redis: the figures of {@code docs/OPERATIONS.md}, printed, and held within loose bounds. */
class SizingTest {

    private static final String TEXT = "x".repeat(200);
    private static final RoomOptions OPTIONS =
            RoomOptions.defaults().withTtl(Duration.ofHours(1)).withMaxParticipants(1000);
    private static final int WRITERS = 16;
    private static final int ROOMS = 2000;

    private static RedisServer measured(String... options) {
        RedisServer server = RedisServer.start(options);
        server.unwatch();
        return server;
    }

    // ---- Bytes ----

    @Test
    void memoryOfAUnitIsWithinItsBounds() {
        measureMemory();
    }

    @Test
    @EnabledIfSystemProperty(named = "test.rounds", matches = "full", disabledReason = "a long round: -Pfull")
    void memoryOfAUnitWithSmallRoomsInMindIsWithinItsBounds() {
        measureMemory("--hash-max-listpack-value", "128");
    }

    private static void measureMemory(String... own) {
        List<String> options = new ArrayList<>(List.of("--appendonly", "yes", "--auto-aof-rewrite-percentage", "0"));
        options.addAll(List.of(own));
        try (RedisServer server = measured(options.toArray(String[]::new));
                ChatNode node = ChatNode.open(server.uri());
                Crowd crowd = new Crowd(WRITERS)) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            post(node, create(node)); // Now Redis knows the scripts.
            System.out.println("SIZING bytes " + List.of(own));
            List<Membership> rooms = new ArrayList<>();

            double room = used(redis, ROOMS, () -> rooms.addAll(each(crowd, ROOMS, i -> create(node))));
            say("an empty room with its owner", room, keys(redis, rooms.get(0)));
            assertThat(room).isBetween(500.0, 8000.0);

            double member = used(redis, ROOMS, () -> each(crowd, ROOMS, i -> join(node, rooms.get(i % 100))));
            say("another member, 20 in each of 100 rooms", member, keys(redis, rooms.get(0)));
            assertThat(member).isBetween(100.0, 2000.0);

            int few = 1000 * Rounds.of(30, 50); // The first ten are in memory that the empty room has already.
            double message = used(redis, few, () -> each(crowd, few, i -> post(node, rooms.get(1000 + i % 1000))));
            say("a message, " + few / 1000 + " in each of 1000 rooms", message, keys(redis, rooms.get(1000)));
            assertThat(message).isBetween(250.0, 1000.0);

            int many = 100 * Rounds.of(100, 1000);
            double written = number(redis.info("persistence"), "aof_current_size");
            double more = used(redis, many, () -> each(crowd, many, i -> post(node, rooms.get(100 + i % 100))));
            say("a message, " + many / 100 + " in each of 100 rooms", more, keys(redis, rooms.get(100)));
            double file = (number(redis.info("persistence"), "aof_current_size") - written) / many;
            say("a message, in the append-only file", file, "");
            assertThat(more).isBetween(250.0, 1000.0);

            double heard = used(redis, ROOMS, () -> each(crowd, ROOMS, i -> subscribe(node, rooms.get(i))));
            say("a room that a node listens to", heard, "");
            assertThat(heard).isBetween(50.0, 2000.0);
        }
    }

    /** By how much the memory in use grew for each unit. */
    private static double used(RedisCommands<String, String> redis, int units, Runnable work) {
        double before = number(redis.info("memory"), "used_memory");
        work.run();
        return (number(redis.info("memory"), "used_memory") - before) / units;
    }

    private static String keys(RedisCommands<String, String> redis, Membership room) {
        return Arrays.stream(new KeyNames("ec").keys(room.room().id()))
                .map(key ->
                        redis.exists(key) == 0 ? "-" : TestNodes.bytes(redis, key) + " " + redis.objectEncoding(key))
                .collect(Collectors.joining(", ", "MEMORY USAGE of room, log: ", ""));
    }

    // ---- Calls, and Redis's time ----

    @Test
    void eachOperationIsFewScripts() {
        try (RedisServer server = measured();
                ChatNode node = ChatNode.open(server.uri())) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            int n = Rounds.of(200, 2000);
            List<Membership> rooms = new ArrayList<>(each(n, i -> create(node)));
            List<Membership> guests = new ArrayList<>();
            System.out.println("SIZING calls, " + n + " of each");
            count(redis, "create", n, i -> create(node));
            count(redis, "join", n, i -> guests.add(join(node, rooms.get(i))));
            double posts = count(redis, "post", n, i -> post(node, rooms.get(i)));
            assertThat(posts).as("EVALSHA for each post").isBetween(0.99, 1.5);
            count(redis, "first stream of a room on a node", n, i -> subscribe(node, rooms.get(i)));
            count(redis, "another stream", n, i -> subscribe(node, guests.get(i)));
            each(n, i -> post(node, rooms.get(i)));
            count(redis, "post to a room with streams", n, i -> post(node, rooms.get(i)));
            count(redis, "resume", n, i -> resume(node, guests.get(i)));
            count(redis, "history", n, i -> node.service().history(id(rooms, i), 0, 100));
            List<EntryId> heads = each(
                    n,
                    i -> node.redis().store().find(id(rooms, i)).orElseThrow().head());
            count(
                    redis,
                    "position check",
                    n,
                    i -> node.redis().store().readAfter(rooms.get(i).room().incarnation(), heads.get(i), 500));
            count(redis, "leave", n, i -> leave(node, guests.get(i)));
            count(redis, "destroy", n, i -> node.service().asHost(id(rooms, i)).destroy());
        }
    }

    private static RoomId id(List<Membership> rooms, int i) {
        return rooms.get(i).room().id();
    }

    /** Says what Redis did; answers how many scripts it ran for each. */
    private static double count(RedisCommands<String, String> redis, String what, int n, IntFunction<?> call) {
        redis.configResetstat();
        double before = cpuMicros(redis);
        each(n, call);
        double cpu = (cpuMicros(redis) - before) / n;
        String stats = redis.info("commandstats");
        StringBuilder line = new StringBuilder();
        Matcher matcher =
                Pattern.compile("cmdstat_([a-z|]+):calls=(\\d+),usec=(\\d+)").matcher(stats);
        double scripts = 0;
        while (matcher.find()) {
            double calls = Double.parseDouble(matcher.group(2)) / n;
            if (matcher.group(1).equals("evalsha")) {
                scripts = calls;
                line.append("script %.1f us; ".formatted(Double.parseDouble(matcher.group(3)) / n));
            }
            if (calls > 0.5) {
                line.append("%s %.2f, ".formatted(matcher.group(1), calls));
            }
        }
        say(what, cpu, "us of CPU; " + line);
        assertThat(scripts).as("scripts for each " + what).isBetween(0.99, 6.0);
        return scripts;
    }

    @Test
    void nodeThatListensHasTwoConnections() {
        try (RedisServer server = measured();
                ChatNode node = ChatNode.open(server.uri());
                Crowd crowd = new Crowd(WRITERS)) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            Membership room = create(node);
            int posts = Rounds.of(2000, 20_000);
            List<ChatNode> others = new ArrayList<>();
            System.out.println("SIZING microseconds of CPU for each of " + posts + " posts");
            for (int listening : new int[] {0, 1, 2, 4, 8}) {
                while (others.size() < listening) {
                    others.add(ChatNode.open(server.uri()));
                    subscribe(others.get(others.size() - 1), room);
                }
                double before = cpuMicros(redis);
                each(crowd, posts, i -> post(node, room));
                say(listening + " nodes listen", (cpuMicros(redis) - before) / posts, connections(redis));
            }
            assertThat(connections(redis)).startsWith("18 ");
            others.forEach(ChatNode::close);
        }
    }

    @Test
    void postToAClusterIsOneScriptAndOneSignalToTheReplica() {
        try (TestCluster cluster = new TestCluster();
                ChatNode node = ChatNode.open(cluster.uris());
                Crowd crowd = new Crowd(WRITERS);
                RedisClient client = RedisClient.create()) {
            List<RedisCommands<String, String>> servers = Arrays.stream(cluster.uris())
                    .map(uri -> client.connect(RedisURI.create("127.0.0.1", uri.getPort()))
                            .sync())
                    .toList();
            List<Membership> rooms = each(100, i -> create(node));
            rooms.forEach(room -> subscribe(node, room));
            int posts = Rounds.of(2000, 20_000);
            List<Double> before = servers.stream().map(SizingTest::cpuMicros).toList();
            double sent = busMessages(servers);
            double scripts = scripts(servers);
            each(crowd, posts, i -> post(node, rooms.get(i % 100)));
            double messages = busMessages(servers) - sent;
            System.out.println("SIZING a cluster of 3 masters and 3 replicas: " + messages / posts
                    + " messages between its servers for each post");
            for (int i = 0; i < servers.size(); i++) {
                double cpu = (cpuMicros(servers.get(i)) - before.get(i)) / posts;
                say("server " + i + ", of each post", cpu, connections(servers.get(i)));
            }
            assertThat((scripts(servers) - scripts) / posts)
                    .as("scripts for each post")
                    .isBetween(1.0, 1.05);
            assertThat(messages / posts)
                    .as("only the replica of the room's master gets each signal")
                    .isBetween(0.9, 1.2);
        }
    }

    private static double scripts(List<RedisCommands<String, String>> servers) {
        return servers.stream()
                .mapToDouble(server -> number(server.info("commandstats"), "cmdstat_evalsha:calls="))
                .sum();
    }

    private static double busMessages(List<RedisCommands<String, String>> servers) {
        return servers.stream()
                .mapToDouble(server -> number(server.clusterInfo(), "cluster_stats_messages_publish(?:shard)?_sent"))
                .sum();
    }

    private static String connections(RedisCommands<String, String> redis) {
        return redis.clientList()
                        .lines()
                        .filter(line -> line.contains(" user=chat "))
                        .count()
                + " connections";
    }

    private static double cpuMicros(RedisCommands<String, String> redis) {
        String info = redis.info("cpu");
        return (number(info, "used_cpu_sys") + number(info, "used_cpu_user")) * 1e6;
    }

    // ---- What is measured ----

    private static Membership create(ChatNode node) {
        return node.service().createRoom(OPTIONS, Identity.anonymous());
    }

    private static Membership join(ChatNode node, Membership room) {
        return node.service().join(room.room().id(), Identity.anonymous());
    }

    private static Object post(ChatNode node, Membership as) {
        return node.post(as, TEXT, UUID.randomUUID().toString());
    }

    private static Subscription subscribe(ChatNode node, Membership as) {
        return node.service().transport().subscribe(as.room().id(), as.token(), Cursor.now(), () -> {});
    }

    private static Subscription resume(ChatNode node, Membership as) {
        return node.service().transport().subscribe(as.room().id(), as.token(), Cursor.after(EntryId.at(1)), () -> {});
    }

    private static Object leave(ChatNode node, Membership as) {
        node.service().as(as.room().id(), as.token()).leave();
        return as;
    }

    private static <T> List<T> each(int n, IntFunction<T> call) {
        return IntStream.range(0, n).mapToObj(call).toList();
    }

    private static <T> List<T> each(Crowd crowd, int n, IntFunction<T> call) {
        return crowd
                .all(thread -> IntStream.range(0, n)
                        .filter(i -> i % WRITERS == thread)
                        .mapToObj(call)
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static double number(String info, String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + ":?([0-9.]+)").matcher(info);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private static void say(String what, double figure, String more) {
        System.out.printf("SIZING %-45s %8.1f  %s%n", what, figure, more);
    }
}
