package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Rule S9: looks again and again, while the tests run, whether a key of ours has no end. */
final class ExpiryWatcher {

    private static final long NO_END = -1;
    private static final Set<String> ENDLESS = ConcurrentHashMap.newKeySet();
    private static final AtomicLong SAMPLES = new AtomicLong();

    private ExpiryWatcher() {}

    static void watch(RedisServer server) {
        RedisCommands<String, String> redis = TestNodes.look(server);
        Thread watcher = new Thread(() -> sampleForever(redis), "expiry-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    static void assertEveryKeyHadAnEnd() {
        assertThat(SAMPLES.get()).as("keys that were looked at").isPositive();
        assertThat(ENDLESS).as("keys without an end").isEmpty();
    }

    private static void sampleForever(RedisCommands<String, String> redis) {
        try {
            while (true) {
                sample(redis);
                RedisServer.sleep(5);
            }
        } catch (RedisException e) {
            // The tests are over.
        }
    }

    private static void sample(RedisCommands<String, String> redis) {
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            KeyScanCursor<String> keys = redis.scan(cursor, ScanArgs.Builder.limit(200));
            for (String key : keys.getKeys()) {
                SAMPLES.incrementAndGet();
                if (redis.pttl(key) == NO_END) {
                    ENDLESS.add(key);
                }
            }
            cursor = keys;
        } while (!cursor.isFinished());
    }
}
