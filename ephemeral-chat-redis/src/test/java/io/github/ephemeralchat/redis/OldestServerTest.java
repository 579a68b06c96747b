package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A cluster of Redis 6.2, which has no sharded pub/sub: each signal goes to all servers. With -Pfull the contracts run over 6.2, too. */
class OldestServerTest {

    private static final int ROOMS = 12;
    private static final Duration SOON = Duration.ofSeconds(5);
    /** What waits for a failover. */
    private static final Duration BACK = Duration.ofSeconds(30);

    @Test
    void clusterHasPlainSignals_alsoAfterAMasterWasKilled() {
        try (TestCluster cluster = new TestCluster(RedisServer.oldest());
                ChatNode here = ChatNode.open(cluster.uris());
                ChatNode there = ChatNode.open(cluster.uris())) {
            assertThat(cluster.nodes())
                    .allSatisfy(server -> assertThat(server.info("server")).contains("redis_version:6.2."));
            assertThat(Stream.of(here, there))
                    .noneMatch(node -> node.redis().calls.isSharded());
            List<Membership> rooms =
                    IntStream.range(0, ROOMS).mapToObj(i -> here.room()).toList();
            List<Heard> heard = rooms.stream().map(there::listen).toList();

            postAndHear(here, rooms, heard, "before", SOON);
            rooms.forEach(room -> claimsOneThatAlsoEnds(there, room));
            cluster.killMaster();
            postAndHear(here, rooms, heard, "after", BACK);

            rooms.forEach(room -> here.service().asHost(room.room().id()).destroy());
            Await.until(SOON, "all ends are told", () -> heard.stream().allMatch(Heard::hasEnded));
        }
    }

    /** As Sentinels do it, but for the connections, which they close. */
    @Test
    void connectionToAFormerPrimaryIsReplaced() {
        try (RedisServer server = RedisServer.start(RedisServer.oldest());
                RedisServer other = RedisServer.start(RedisServer.oldest());
                ChatNode node = ChatNode.open(server.uri())) {
            Membership room = node.room();
            RedisCommands<String, String> redis = TestNodes.look(server);
            List<String> before = clients(redis);
            redis.replicaof("127.0.0.1", other.port());

            assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> node.post(room, "refused"));

            Await.until(SOON, "another connection", () -> !clients(redis).containsAll(before));
        }
    }

    private static List<String> clients(RedisCommands<String, String> redis) {
        return redis.clientList()
                .lines()
                .filter(line -> line.contains(" user=chat "))
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    /** Its text is a key of its own, which is written by a command that 6.2 has brought. */
    private static void claimsOneThatAlsoEnds(ChatNode node, Membership room) {
        Membership guest = node.service().join(room.room().id(), Identity.anonymous());
        Message once = node.service()
                .as(room.room().id(), room.token())
                .post(NewMessage.of("once").withTtl(Duration.ofMinutes(1)).withClaims(1));
        assertThat(node.service()
                        .as(room.room().id(), guest.token())
                        .claim(once.sequence())
                        .text())
                .isEqualTo("once");
    }

    private static void postAndHear(
            ChatNode node, List<Membership> rooms, List<Heard> heard, String text, Duration within) {
        rooms.forEach(room -> node.postUntilStored(room, text, text));
        Await.until(within, "all hear " + text, () -> heard.stream().allMatch(one -> one.hasText(text)));
    }
}
