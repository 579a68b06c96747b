package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import io.github.ephemeralchat.benchmarks.servers.StalledStreams;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** 1,000 streams of which 50 never read. */
@Command(
        name = "l1",
        mixinStandardHelpOptions = true,
        description =
                "50 of 1,000 streams stop reading: nobody else may notice, memory is bounded, and they are cut off."
                        + " Four minutes for each server.")
final class SlowReaders implements Callable<Integer> {

    private static final int STOPPED = 50;
    private static final Workload READERS = new Workload("L1", 1, 950, 500, 20, 4, 10, 3900);
    private static final double SLOWER = 1.2;
    private static final Duration CUT_WITHIN = Duration.ofSeconds(35);

    /** More than the buffers of a connection take that nobody reads. */
    private static final int STALLING = 800;

    /** Nearly as much as a feed lets a reader lag: 13 MiB. */
    private static final Workload FLOOD = new Workload("flood", 1, 2, 3500, 20, 4, 0, 3900);

    private static final long KIB = 1024;
    /** What a feed keeps for those who lag: 16 MiB of text, and each text's bytes for the wire beside it. */
    private static final long FEED_BOUND = 2 * 16 * KIB * KIB;
    /** A cursor, a pending chunk of 16 KiB and one frame, and the container's buffers. */
    private static final long STREAM_BOUND = 128 * KIB;

    private static final long SETTLE_NANOS = 1_000_000_000L;

    @Option(names = "--servers", split = ",", defaultValue = "chat-server", description = "Default: chat-server.")
    private List<String> servers = List.of();

    private final Checks checks = new Checks();

    @Override
    public Integer call() {
        for (String name : servers) {
            try (RunningServer server = Contestant.named(name).start()) {
                System.out.println("L1 on " + name);
                Load.run(server.target(), Workload.WARM);
                latency(server);
                memory(server);
            }
        }
        return checks.exitCode();
    }

    /** Without them before and after, with them between, and all else alike: both see the same machine. */
    private void latency(RunningServer server) {
        Histogram without = measure(server, 0).latency();
        LoadResult with = measure(server, STOPPED);
        without.add(measure(server, 0).latency());
        double before = without.getValueAtPercentile(99) / 1e3;
        checks.that(
                with.latencyMillis(99) <= SLOWER * before,
                "p99 of the other 950: %.2f ms with them, %.2f ms without (at most %.1f times)",
                with.latencyMillis(99),
                before,
                SLOWER);
        checks.that(with.isClean(), "the other 950 got all: %s", with.verdict());
    }

    private LoadResult measure(RunningServer server, int stopped) {
        try (Load load = Load.on(server.target(), READERS, stopped)) {
            load.open();
            load.openStopped(stopped);
            try (StalledStreams stalled = new StalledStreams(server.target().port(), load.stoppedPorts())) {
                load.post(STALLING);
                load.warmUp();
                LoadResult result = load.measure();
                if (stopped > 0) {
                    checkCut(stalled);
                }
                load.destroyRooms();
                return result;
            }
        }
    }

    private void checkCut(StalledStreams stalled) {
        checks.that(
                stalled.cut() == STOPPED && stalled.longest().compareTo(CUT_WITHIN) <= 0,
                "%d of %d connections ended, the last %.1f s after its kernel first took no more (at most %d s)",
                stalled.cut(),
                STOPPED,
                stalled.longest().toMillis() / 1e3,
                CUT_WITHIN.toSeconds());
    }

    /** While they are stalled, and their room has gone on by about as much as a reader may lag. */
    private void memory(RunningServer server) {
        long without = heapAfterFlood(server, 0);
        long with = heapAfterFlood(server, STOPPED);
        long bound = FEED_BOUND + STOPPED * STREAM_BOUND;
        checks.that(
                with - without <= bound,
                "live heap: %d KiB more with them (at most %d KiB: 32 MiB for what their room keeps for those who lag,"
                        + " 128 KiB for each)",
                (with - without) / KIB,
                bound / KIB);
    }

    private long heapAfterFlood(RunningServer server, int stopped) {
        try (Load load = Load.on(server.target(), FLOOD, stopped)) {
            load.open();
            load.openStopped(stopped);
            try (StalledStreams stalled = new StalledStreams(server.target().port(), load.stoppedPorts())) {
                load.post(FLOOD.messages());
                LockSupport.parkNanos(SETTLE_NANOS);
                long live = server.liveHeapBytes();
                checks.that(
                        stalled.cut() == 0,
                        "none of %d is cut off yet when memory is looked at (the kernel holds %d KiB for them)",
                        stopped,
                        stalled.unsentBytes() / KIB);
                load.destroyRooms();
                return live;
            }
        }
    }
}
