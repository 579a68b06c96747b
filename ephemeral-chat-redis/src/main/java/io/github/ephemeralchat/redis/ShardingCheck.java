package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Failures;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether a cluster's signals can be sharded: Redis 7 brought that, and the user has to be allowed. */
final class ShardingCheck {

    private static final Logger log = LoggerFactory.getLogger(ShardingCheck.class);
    private static final Pattern VERSION = Pattern.compile("^redis_version:(\\d{1,4})", Pattern.MULTILINE);
    private static final int FIRST_WITH_SHARDS = 7;
    private static final int UNKNOWN = 0;
    /** Both questions together take less time than a call. */
    private static final int ANSWER_MILLIS = 900;

    private final String channel;
    private final AtomicBoolean refusalLogged = new AtomicBoolean();

    /**
     * Creates a check.
     *
     * @param channel to which nobody is subscribed by {@code SSUBSCRIBE}
     */
    ShardingCheck(String channel) {
        this.channel = channel;
    }

    /** Asks each master; never fails, and answers nothing if it cannot be known now. */
    CompletableFuture<Optional<Boolean>> ask(StatefulRedisClusterConnection<String, String> cluster) {
        List<CompletableFuture<Integer>> versions = cluster.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM) && !node.hasNoSlots())
                .map(node -> version(cluster, node))
                .toList();
        return CompletableFuture.allOf(versions.toArray(CompletableFuture<?>[]::new))
                .thenApply(done ->
                        judge(versions.stream().map(CompletableFuture::join).toList()))
                .thenCompose(
                        known -> known.orElse(false) ? isAllowed(cluster) : CompletableFuture.completedFuture(known));
    }

    private static CompletableFuture<Integer> version(
            StatefulRedisClusterConnection<String, String> cluster, RedisClusterNode node) {
        return CompletableFuture.completedFuture(node)
                .thenCompose(asked -> RedisCalls.openNode(cluster, asked))
                .thenCompose(open -> open.async().info("server"))
                .thenApply(ShardingCheck::version)
                .completeOnTimeout(UNKNOWN, ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(failure -> UNKNOWN);
    }

    private static int version(String info) {
        Matcher matcher = VERSION.matcher(info);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : UNKNOWN;
    }

    /** A master that does not answer has no say: its slots are not served now, or it is about to be replaced. */
    static Optional<Boolean> judge(List<Integer> versions) {
        List<Integer> known =
                versions.stream().filter(version -> version != UNKNOWN).toList();
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(known.stream().allMatch(version -> version >= FIRST_WITH_SHARDS));
    }

    /** A cluster may have been upgraded, and its users not: then rooms go on as before. */
    private CompletableFuture<Optional<Boolean>> isAllowed(StatefulRedisClusterConnection<String, String> cluster) {
        return CompletableFuture.completedFuture(channel)
                .thenCompose(to -> cluster.async().spublish(to, ""))
                .thenApply(receivers -> Optional.of(true))
                .completeOnTimeout(Optional.empty(), ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(failure -> judge(Failures.causeOf(failure)));
    }

    private Optional<Boolean> judge(Throwable failure) {
        if (!(failure instanceof RedisCommandExecutionException refusal) || !RedisFutures.isForbidden(refusal)) {
            return Optional.empty();
        }
        if (!refusalLogged.getAndSet(true)) {
            log.warn(
                    "This cluster has sharded pub/sub, but the user is not allowed SPUBLISH, SSUBSCRIBE and SUNSUBSCRIBE:"
                            + " each signal goes to all servers");
        }
        return Optional.of(false);
    }
}
