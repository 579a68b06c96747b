package io.github.ephemeralchat.redis;

import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether the masters of a cluster have sharded pub/sub, which came with Redis 7. */
final class MasterVersions {

    private static final Pattern VERSION = Pattern.compile("^redis_version:(\\d{1,4})", Pattern.MULTILINE);
    private static final int FIRST_WITH_SHARDS = 7;
    private static final int UNKNOWN = 0;
    /** Less than a caller waits for all of them. */
    private static final int ANSWER_MILLIS = 1500;

    private MasterVersions() {}

    /** Asks each master; never fails, and answers nothing if none says its version. */
    static CompletableFuture<Optional<Boolean>> ask(StatefulRedisClusterConnection<String, String> cluster) {
        List<CompletableFuture<Integer>> answers = cluster.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM) && !node.hasNoSlots())
                .map(node -> version(cluster, node))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(done ->
                        judge(answers.stream().map(CompletableFuture::join).toList()));
    }

    private static CompletableFuture<Integer> version(
            StatefulRedisClusterConnection<String, String> cluster, RedisClusterNode node) {
        return RedisCalls.openNode(cluster, node)
                .thenCompose(open -> open.async().info("server"))
                .thenApply(MasterVersions::version)
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
}
