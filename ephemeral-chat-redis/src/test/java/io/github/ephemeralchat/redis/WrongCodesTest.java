package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WrongCodesTest {

    private static final String PREFIX = "ec:wrong-codes:";

    @Test
    void wrongCodes_areCountedOverAllNodes_andForgotten() {
        try (RedisServer server = RedisServer.start();
                ChatNode here = ChatNode.open(server.uri());
                ChatNode there = ChatNode.open(server.uri());
                RedisClient client = RedisClient.create(server.adminUri());
                var redis = client.connect()) {
            long sum = count(here, 3) + count(there, 4);
            // Where a minute ends between the two, each begins its own.
            assertThat(sum).isIn(3L + 7L, 3L + 4L);

            List<String> keys = redis.sync().keys(PREFIX + "*");
            assertThat(keys).hasSizeBetween(1, 2);
            for (String key : keys) {
                assertThat(redis.sync().pttl(key)).isBetween(1L, 120_000L);
            }
        }
    }

    private static long count(ChatNode node, int codes) {
        OptionalLong all = node.service().transport().countWrongCodes(codes);
        return all.orElseThrow();
    }
}
