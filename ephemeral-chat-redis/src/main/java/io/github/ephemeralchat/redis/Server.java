package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Bulkhead;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What calls know of one server: how many of them wait for it, and of a master of a cluster whether it is silent. Calls for one
 * that is silent fail at once, until it answers a probe. Thread-safe, but for {@link #probe}.
 */
final class Server {

    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final int MAX_WAITING = 64;
    private static final long SILENT_AFTER_NANOS = Duration.ofMillis(500).toNanos();
    private static final long PROBE_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long PROBE_TIMEOUT_MILLIS = 2_000;

    /** The id of a master of a cluster; null for what leads to one server only, or to any of them. */
    private final @Nullable String nodeId;

    private final Bulkhead bulkhead = new Bulkhead("Redis", MAX_WAITING);
    private final Semaphore underWay = new Semaphore(AsyncRedisCalls.MAX_UNDER_WAY);
    private volatile boolean silent;

    // The ticking thread's own.
    private CompletableFuture<?> probe = CompletableFuture.completedFuture(null);
    private long probed = System.nanoTime() - PROBE_PAUSE_NANOS;

    Server(@Nullable String nodeId) {
        this.nodeId = nodeId;
    }

    /** Whether it is one of several on the same connection. */
    boolean isMasterOfCluster() {
        return nodeId != null;
    }

    /** Takes a place among the threads that wait; see {@link Bulkhead#enter}. */
    void enter(long deadline) {
        requireNotSilent();
        bulkhead.enter(deadline);
    }

    void leave() {
        bulkhead.leave();
    }

    /** Takes a place among the calls for which no thread waits. */
    void begin() {
        requireNotSilent();
        if (!underWay.tryAcquire()) {
            throw new ChatUnavailableException("enough commands wait for Redis");
        }
    }

    void end() {
        underWay.release();
    }

    private void requireNotSilent() {
        if (silent) {
            throw new ChatUnavailableException("the master of the room's slot is silent");
        }
    }

    void answered() {
        bulkhead.answered();
        if (silent) {
            silent = false;
            log.debug("Master {} of the cluster answers again", nodeId);
        }
    }

    /** A call got no answer. What fails soon holds nobody up. */
    void unanswered(long deadline) {
        long waited = System.nanoTime() - (deadline - RedisCalls.COMMAND_TIMEOUT.toNanos());
        if (nodeId != null && waited > SILENT_AFTER_NANOS && bulkhead.isSilent() && !silent) {
            silent = true;
            log.warn("Master {} of the cluster does not answer; calls for its rooms fail until it does", nodeId);
        }
    }

    /**
     * Asks a silent one for a sign of life, now and then; any answer is one.
     *
     * @param question sends it
     */
    void probe(Supplier<CompletableFuture<String>> question) {
        long now = System.nanoTime();
        if (silent && probe.isDone() && now - probed >= PROBE_PAUSE_NANOS) {
            probed = now;
            probe = CompletableFuture.completedFuture(question)
                    .thenCompose(Supplier::get)
                    .orTimeout(PROBE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .handle((pong, failure) -> {
                        if (failure == null || Failures.causeOf(failure) instanceof RedisCommandExecutionException) {
                            answered();
                        }
                        return pong;
                    });
        }
    }
}
