package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a room and a message cost Redis: the numbers behind the sizing in the documentation. */
class CostTest {

    private static final int POSTS = 200;
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final String TEXT = "x".repeat(100);

    @Test
    void oneCallForEachMessageWhateverTheNumberOfSubscribers() {
        try (RedisServer server = RedisServer.start();
                ChatNode here = ChatNode.open(server.uri());
                ChatNode there = ChatNode.open(server.uri())) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            Membership room = here.room();
            List<Heard> heard = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                heard.add(here.listen(room));
                heard.add(there.listen(room));
            }
            here.post(room, TEXT);
            Await.until(
                    Duration.ofSeconds(5), "all are there", () -> heard.stream().allMatch(one -> one.messages() == 1));
            long scripts = calls(redis, "evalsha");
            long published = calls(redis, "publish");
            for (int i = 0; i < POSTS; i++) {
                here.post(room, TEXT);
            }
            Await.until(
                    Duration.ofSeconds(5),
                    "all are heard",
                    () -> heard.stream().allMatch(one -> one.messages() == POSTS + 1));
            assertThat(calls(redis, "evalsha") - scripts).isEqualTo(POSTS);
            assertThat(calls(redis, "publish") - published).isEqualTo(POSTS);
        }
    }

    /** A post is what there is most of: what roles, locks and proofs need is in what it reads anyway. */
    @Test
    void postOfAMemberIsFiveCallsInItsScript() {
        try (RedisServer server = RedisServer.start();
                ChatNode node = ChatNode.open(server.uri())) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            server.unwatch();
            Membership room = node.room();
            node.post(room, TEXT); // Now Redis knows the script.
            redis.configResetstat();
            for (int i = 0; i < POSTS; i++) {
                node.post(room, TEXT);
            }
            assertThat(eachOf(redis, POSTS))
                    .containsOnly(
                            Map.entry("evalsha", 1L),
                            Map.entry("time", 1L),
                            Map.entry("hmget", 2L),
                            Map.entry("hset", 1L),
                            Map.entry("publish", 1L));
        }
    }

    /** Of a text with an end of its own: the text, its end in the set, whether the set is there. */
    @Test
    void postOfATextThatEndsIsEightCallsAndItsPageFour() {
        try (RedisServer server = RedisServer.start();
                ChatNode node = ChatNode.open(server.uri())) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            server.unwatch();
            RoomStore store = node.redis().store();
            SharedRoom room = SharedRoom.create(store);
            room.post("first", LIFE, null);
            store.readAfter(room.room().incarnation(), EntryId.START, 1);
            redis.configResetstat();
            for (int i = 0; i < POSTS; i++) {
                room.post(TEXT + i, LIFE, null);
            }
            assertThat(eachOf(redis, POSTS))
                    .containsOnly(
                            Map.entry("evalsha", 1L),
                            Map.entry("time", 1L),
                            Map.entry("hmget", 2L),
                            Map.entry("set", 1L),
                            Map.entry("exists", 1L),
                            Map.entry("zadd", 1L),
                            Map.entry("hset", 1L),
                            Map.entry("publish", 1L));
            redis.configResetstat();
            for (int i = 0; i < POSTS; i++) {
                store.readAfter(room.room().incarnation(), EntryId.START, 20);
            }
            assertThat(eachOf(redis, POSTS))
                    .containsOnly(
                            Map.entry("evalsha", 1L),
                            Map.entry("time", 1L),
                            Map.entry("hmget", 3L),
                            Map.entry("mget", 1L));
            long bytes = TestNodes.bytes(redis, "ec:{" + room.id().value() + "}:b:50")
                    + TestNodes.bytes(redis, "ec:{" + room.id().value() + "}:bodies") / POSTS;
            System.out.println("COST: " + bytes + " bytes besides for a text of its own of " + TEXT.length());
        }
    }

    /** What is called for each, without what the node asks for besides, every 5 s. */
    private static Map<String, Long> eachOf(RedisCommands<String, String> redis, int times) {
        Map<String, Long> each = calls(redis);
        each.values().removeIf(calls -> calls < times / 2);
        each.replaceAll((command, calls) -> calls / times);
        return each;
    }

    private static Map<String, Long> calls(RedisCommands<String, String> redis) {
        Matcher matcher = Pattern.compile("cmdstat_([a-z|]+):calls=(\\d+)").matcher(redis.info("commandstats"));
        Map<String, Long> calls = new TreeMap<>();
        while (matcher.find()) {
            calls.put(matcher.group(1), Long.parseLong(matcher.group(2)));
        }
        return calls;
    }

    private static long calls(RedisCommands<String, String> redis, String command) {
        return calls(redis).getOrDefault(command, 0L);
    }

    @Test
    void bytesOfARoomAndOfAMessage() {
        RedisServer server = RedisServer.shared();
        try (ChatNode node = ChatNode.open(server.uri())) {
            Membership room = node.room();
            node.service().join(room.room().id(), Identity.anonymous());
            long empty = bytes(server, room);
            for (int i = 0; i < 1000; i++) {
                node.post(room, TEXT);
            }
            long each = (bytes(server, room) - empty) / 1000;
            System.out.println("COST: " + empty + " bytes for a room with two members, " + each
                    + " for each message of 100 characters");
            assertThat(empty).isLessThan(8_000);
            assertThat(each).isLessThan(500);
        }
    }

    private static long bytes(RedisServer server, Membership room) {
        RedisCommands<String, String> redis = TestNodes.look(server);
        return Arrays.stream(new KeyNames("ec").keys(room.room().id()))
                .filter(key -> redis.exists(key) == 1)
                .mapToLong(key -> TestNodes.bytes(redis, key))
                .sum();
    }
}
