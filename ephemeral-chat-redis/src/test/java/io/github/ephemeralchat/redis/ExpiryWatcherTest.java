package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** E10: what watches over the whole suite would see a key of ours that has no end, on any server. */
class ExpiryWatcherTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String KEY = "ec:{1234abcd}:log";

    @Test
    void keyWithoutAnEndIsSeenOnAnyServerAlsoAfterItsRestart() {
        try (RedisServer server = RedisServer.start()) {
            assertIsSeen(server);
            server.kill();
            server.restart();
            assertIsSeen(server);
        }
    }

    private static void assertIsSeen(RedisServer server) {
        RedisCommands<String, String> redis = TestNodes.look(server);
        long before = ExpiryWatcher.samples();
        redis.set(KEY, "it has an end", SetArgs.Builder.px(60_000));
        Await.until(SOON, "it is looked at", () -> ExpiryWatcher.samples() > before);
        assertThat(ExpiryWatcher.hasFound(KEY)).isFalse();
        redis.persist(KEY);
        Await.until(SOON, "it is seen", () -> ExpiryWatcher.hasFound(KEY));
        redis.del(KEY);
        RedisServer.sleep(100);
        ExpiryWatcher.hasFound(KEY); // It may have been seen twice.
    }
}
