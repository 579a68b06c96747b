package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** 100,000 streams come and go. */
@Command(
        name = "l3",
        mixinStandardHelpOptions = true,
        description = "Opens 100,000 streams and ends them by a close, a reset, or half: nothing of them may be left."
                + " Five minutes for each server.")
final class Churn implements Callable<Integer> {

    private static final Workload CYCLE = new Workload("L3", 10, 100, 0, 0, 4, 0, 200);
    private static final int PER_CYCLE = CYCLE.rooms() * CYCLE.subscribers();
    private static final double KEPT = 1.01;
    private static final double KIB = 1024;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(40);

    @Option(names = "--servers", split = ",", defaultValue = "chat-server", description = "Default: chat-server.")
    private List<String> servers = List.of();

    @Option(names = "--streams", defaultValue = "100000", description = "How many. Default: 100000.")
    private int streams;

    private final Checks checks = new Checks();

    @Override
    public Integer call() {
        for (String name : servers) {
            try (RunningServer server = Contestant.named(name).start()) {
                System.out.println("L3 on " + name);
                churn(server);
            }
        }
        return checks.exitCode();
    }

    /** What the server keeps for good, its threads and pools, it has after a tenth of them. */
    private void churn(RunningServer server) {
        cycles(server, streams / PER_CYCLE / 10);
        long heap = server.liveHeapBytes(); // Before the descriptors: asking a JVM opens one, once.
        long descriptors = server.descriptors();
        cycles(server, streams / PER_CYCLE);
        long descriptorsAfter = server.descriptors();
        long heapAfter = server.liveHeapBytes();
        checks.that(
                descriptorsAfter <= KEPT * descriptors,
                "descriptors: %d before, %d after %d streams",
                descriptors,
                descriptorsAfter,
                streams);
        checks.that(
                heapAfter <= KEPT * heap,
                "live heap: %.0f KiB before, %.0f KiB after (%+.2f %%)",
                heap / KIB,
                heapAfter / KIB,
                100.0 * (heapAfter - heap) / heap);
    }

    private static void cycles(RunningServer server, int count) {
        for (int i = 0; i < count; i++) {
            try (Load load = Load.on(server.target(), CYCLE)) {
                load.open();
                load.endInAllWays();
                load.destroyRooms();
            }
        }
        LockSupport.parkNanos(QUIET_NANOS);
    }
}
