package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.tck.Await;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A cluster of Redis 6.2, which has no sharded pub/sub: each signal goes to all servers. With -Pfull the contracts run over 6.2, too. */
class OldestServerTest {

    private static final int ROOMS = 12;
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void clusterHasPlainSignals() {
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

            rooms.forEach(room -> here.postUntilStored(room, "text", "text"));
            Await.until(SOON, "all hear", () -> heard.stream().allMatch(one -> one.hasText("text")));
            rooms.forEach(room -> claimsOneThatAlsoEnds(there, room));
            rooms.forEach(room -> here.service().asHost(room.room().id()).destroy());
            Await.until(SOON, "all ends are told", () -> heard.stream().allMatch(Heard::hasEnded));
        }
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
}
