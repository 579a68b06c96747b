package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a post costs all masters of a larger cluster, with sharded signals and with plain ones. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description =
                "CPU of the six masters of a Redis Cluster for a post, with sharded signals and with plain ones, in turns,"
                        + " at three rates. What masters use while nothing is posted is not counted. Eight minutes.")
final class Cluster implements Callable<Integer> {

    private static final Workload POSTS = new Workload("cluster", 60, 1, 0, 0, 16, 0, 200);
    private static final int FULL_SPEED_POSTS = 400; // For each room.
    private static final int SECONDS = 6;
    private static final int IDLE_SECONDS = 4;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds that count; one more comes before. Default: 5.")
    private int rounds;

    @Override
    public Integer call() {
        System.out.print(Machine.description());
        try (RunningServer plain = Contestant.CHAT_SERVER_CLUSTER_PLAIN.start();
                RunningServer sharded = Contestant.CHAT_SERVER_CLUSTER.start()) {
            Load.run(plain.target(), Workload.WARM);
            Load.run(sharded.target(), Workload.WARM);
            System.out.println("| posts a second | plain, us of all masters for a post | sharded | x plain (rounds) |");
            System.out.println("|---|---|---|---|");
            for (int rate : new int[] {200, 1000, 0}) {
                compare(rate, plain, sharded);
            }
        }
        return 0;
    }

    private void compare(int rate, RunningServer plain, RunningServer sharded) {
        int posts = rate == 0 ? FULL_SPEED_POSTS : rate * SECONDS / POSTS.rooms();
        Workload workload = POSTS.withRate(rate).withMessages(posts, 0);
        List<Double> plainMicros = new ArrayList<>();
        List<Double> shardedMicros = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            double before = microsOfAPost(plain, workload);
            double after = microsOfAPost(sharded, workload);
            System.err.println(Texts.of("%d a second, round %d: %.0f, %.0f us", rate, round, before, after));
            if (round > 0) {
                plainMicros.add(before);
                shardedMicros.add(after);
                ratios.add(after / before);
            }
        }
        System.out.println(Texts.of(
                "| %s | %.0f | %.0f | **%.2f** (%s) |",
                rate == 0 ? "as many as possible" : Integer.toString(rate),
                new Figures(plainMicros).median(),
                new Figures(shardedMicros).median(),
                new Figures(ratios).median(),
                new Figures(ratios)));
    }

    private static double microsOfAPost(RunningServer server, Workload workload) {
        try (Load load = Load.on(server.target(), workload)) {
            load.open();
            double idle = idleMicrosOfASecond(server);
            long before = server.storeCpuMicros();
            long start = System.nanoTime();
            LoadResult result = load.measure();
            double used = server.storeCpuMicros() - before - idle * (System.nanoTime() - start) / 1e9;
            if (!result.isClean()) {
                throw new IllegalStateException("a run went wrong: " + result.verdict() + " " + result.failure());
            }
            load.destroyRooms();
            return used / workload.rooms() / workload.messages();
        }
    }

    private static double idleMicrosOfASecond(RunningServer server) {
        long before = server.storeCpuMicros();
        long start = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
        return (server.storeCpuMicros() - before) * 1e9 / (System.nanoTime() - start);
    }
}
