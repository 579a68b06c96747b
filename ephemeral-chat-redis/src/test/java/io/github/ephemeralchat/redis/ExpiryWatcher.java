package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * E10 and rule S9: on every server that a test starts it looks again and again, as long as that runs, whether a key of
 * ours has no end. After each class it is asked what it has seen: see {@code META-INF/services}.
 */
public final class ExpiryWatcher implements AfterAllCallback {

    private static final long NO_END = -1;
    private static final ScanArgs OURS = ScanArgs.Builder.matches("ec:*").limit(1000);
    private static final RedisClient CLIENT = RedisClient.create();
    private static final Set<String> ENDLESS = ConcurrentHashMap.newKeySet();
    private static final AtomicLong SAMPLES = new AtomicLong();

    /** A server that is being watched. */
    static final class Watch implements AutoCloseable {

        private final RedisURI uri;
        private final Thread thread = new Thread(this::sampleUntilClosed, "expiry-watcher");
        private volatile boolean closed;

        private Watch(RedisURI uri) {
            this.uri = uri;
            thread.setDaemon(true);
            thread.start();
        }

        private void sampleUntilClosed() {
            while (!closed) {
                try (StatefulRedisConnection<String, String> connection = CLIENT.connect(uri)) {
                    while (!closed) {
                        pauseAfter(sample(connection.sync()));
                    }
                } catch (RedisException | IllegalStateException e) {
                    // The server is away, or it is over.
                    pauseAfter(0);
                }
            }
        }

        /** It takes at most a fifth of the server's time. */
        private void pauseAfter(long nanos) {
            try {
                Thread.sleep(5 + 4 * nanos / 1_000_000);
            } catch (InterruptedException e) {
                // Only close() interrupts.
            }
        }

        /** No look is under way when it returns. */
        @Override
        public void close() {
            closed = true;
            thread.interrupt();
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static Watch watch(RedisServer server) {
        return new Watch(server.adminUri());
    }

    private static long sample(RedisCommands<String, String> redis) {
        long start = System.nanoTime();
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            KeyScanCursor<String> keys = redis.scan(cursor, OURS);
            for (String key : keys.getKeys()) {
                SAMPLES.incrementAndGet();
                if (redis.pttl(key) == NO_END) {
                    ENDLESS.add(key);
                }
            }
            cursor = keys;
        } while (!cursor.isFinished());
        return System.nanoTime() - start;
    }

    /** For the watcher's own test. */
    static boolean hasFound(String key) {
        return ENDLESS.remove(key);
    }

    static long samples() {
        return SAMPLES.get();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(ENDLESS).as("keys without an end").isEmpty();
    }
}
