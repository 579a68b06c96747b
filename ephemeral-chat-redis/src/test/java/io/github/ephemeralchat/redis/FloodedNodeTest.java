package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** R3: a node takes its signals so slowly that Redis throws it out. */
class FloodedNodeTest {

    private static final String TEXT = "x".repeat(3_900);

    @Test
    void nodeThatWasThrownOutCatchesUpOrSaysThatItCannot() {
        try (RedisServer server = RedisServer.start("--client-output-buffer-limit", "pubsub", "64kb", "64kb", "1");
                TcpProxy wire = new TcpProxy(server.port());
                ChatNode quick = ChatNode.open(server.uri());
                ChatNode slow = ChatNode.open(RedisServer.uri(wire.port()))) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            Membership room = quick.room();
            Heard near = quick.listen(room);
            Heard far = slow.listen(room);
            wire.freeze();
            int posts = 0;
            while (subscribers(redis) == 2) {
                quick.post(room, TEXT + posts++);
                assertThat(posts).as("until Redis has enough").isLessThan(20_000);
            }
            quick.post(room, "last");
            wire.mend();
            Await.until(Duration.ofSeconds(20), "all catch up", () -> near.hasText("last") && far.hasText("last"));
            int all = posts + 1;
            assertThat(near.messages()).isEqualTo(all);
            assertThat(far.messages() == all || far.resets() == 1).isTrue();
        }
    }

    private static long subscribers(RedisCommands<String, String> redis) {
        return redis.clientList()
                .lines()
                .filter(line -> line.contains(" sub=1 "))
                .count();
    }
}
