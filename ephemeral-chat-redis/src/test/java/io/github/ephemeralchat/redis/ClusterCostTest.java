package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a post costs all masters of a larger cluster, with sharded signals and with plain ones, in turns on one cluster. */
@EnabledIfSystemProperty(named = "test.rounds", matches = "full", disabledReason = "a long round: -Pfull")
class ClusterCostTest {

    private static final int MASTERS = 6;
    private static final int ROUNDS = 5;
    private static final int ROOMS = 60;
    private static final int WRITERS = 16;
    private static final int IDLE_MILLIS = 4000;
    private static final int SECONDS = 8;
    private static final String TEXT = "x".repeat(200);

    /** A node that posts, and one that listens, to rooms of their own. */
    private static final class Pair implements AutoCloseable {

        final ChatNode posts;
        final ChatNode listens;
        final List<Membership> rooms = new ArrayList<>();
        final List<Heard> heard = new ArrayList<>();
        final List<Double> micros = new ArrayList<>();
        int posted;

        Pair(TestCluster cluster, boolean sharded) {
            posts = node(cluster, sharded);
            listens = node(cluster, sharded);
            for (int i = 0; i < ROOMS; i++) {
                Membership room = ChatNode.untilAnswered(posts::room);
                rooms.add(room);
                heard.add(listens.listen(room));
            }
        }

        private static ChatNode node(TestCluster cluster, boolean sharded) {
            RedisChat.Builder builder = RedisChat.builder().cluster(cluster.uris());
            RedisChat redis = (sharded ? builder : builder.plainSignals()).connect();
            return new ChatNode(redis, EphemeralChatService.create(redis.store(), redis.broadcaster()));
        }

        /** Posts as fast as so many writers can, or at a pace; all is heard. What idle masters use is not counted. */
        double microsOfAPost(TestCluster cluster, Crowd crowd, int each, long pauseNanos, double idle) {
            double before = cpuMicros(cluster);
            long start = System.nanoTime();
            crowd.all(writer -> {
                for (int i = 0; i < each; i++) {
                    post((i * WRITERS + writer) % ROOMS);
                    LockSupport.parkNanos(pauseNanos);
                }
                return writer;
            });
            posted += WRITERS * each;
            Await.until(
                    Duration.ofSeconds(20),
                    "all is heard",
                    () -> heard.stream().mapToInt(Heard::messages).sum() == posted);
            double seconds = (System.nanoTime() - start) / 1e9;
            return (cpuMicros(cluster) - before - idle * seconds) / (WRITERS * each);
        }

        private void post(int room) {
            posts.post(rooms.get(room), TEXT);
        }

        @Override
        public void close() {
            posts.close();
            listens.close();
        }
    }

    private static double idleMicrosOfASecond(TestCluster cluster) {
        double before = cpuMicros(cluster);
        long start = System.nanoTime();
        RedisServer.sleep(IDLE_MILLIS);
        return (cpuMicros(cluster) - before) * 1e9 / (System.nanoTime() - start);
    }

    private static double cpuMicros(TestCluster cluster) {
        return cluster.nodes().stream().mapToDouble(SizingTest::cpuMicros).sum();
    }

    @Test
    void postCostsTheMastersLessThanOneWithPlainSignals() {
        try (TestCluster cluster = new TestCluster(MASTERS, false);
                Crowd crowd = new Crowd(WRITERS);
                Pair plain = new Pair(cluster, false);
                Pair sharded = new Pair(cluster, true)) {
            cluster.unwatch();
            Stream.of(plain, sharded).forEach(pair -> pair.microsOfAPost(cluster, crowd, 100, 0, 0));
            double ratio = measure("as fast as possible", cluster, crowd, plain, sharded, 2000, 0);
            assertThat(ratio)
                    .as("x plain: the servers' messages share their wake-ups")
                    .isLessThan(0.85);
            for (int pace : new int[] {1000, 200}) {
                int each = pace * SECONDS / WRITERS;
                long pauseNanos = Duration.ofSeconds(WRITERS).toNanos() / pace;
                ratio = measure(pace + " a second", cluster, crowd, plain, sharded, each, pauseNanos);
            }
            assertThat(ratio).as("x plain, 200 posts a second").isLessThan(0.6);
        }
    }

    private static double measure(
            String pace, TestCluster cluster, Crowd crowd, Pair plain, Pair sharded, int each, long pauseNanos) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double idle = idleMicrosOfASecond(cluster);
            double first = plain.microsOfAPost(cluster, crowd, each, pauseNanos, idle);
            double second = sharded.microsOfAPost(cluster, crowd, each, pauseNanos, idle);
            plain.micros.add(first);
            sharded.micros.add(second);
            ratios.add(second / first);
        }
        System.out.printf(
                "CLUSTER %d masters, us of all for a post, %s: plain %.0f, sharded %.0f, ratios %s, median %.2f%n",
                MASTERS, pace, median(plain.micros), median(sharded.micros), ratios, median(ratios));
        plain.micros.clear();
        sharded.micros.clear();
        return median(ratios);
    }

    private static double median(List<Double> all) {
        List<Double> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
