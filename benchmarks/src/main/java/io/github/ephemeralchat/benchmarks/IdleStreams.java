package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** W3: what a stream costs that says nothing, and how long a server takes to start; each by itself, started fresh. */
final class IdleStreams {

    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final double KIB = 1024;

    private IdleStreams() {}

    static String table(List<Contestant> contestants) {
        StringBuilder text = new StringBuilder("### W3\n\n");
        text.append(
                "| server | start ms | resident MiB before | with 5,000 streams | KiB/stream | after a full collection"
                        + " | live heap KiB/stream |\n|---|---|---|---|---|---|---|\n");
        contestants.forEach(one -> text.append(row(one)));
        return text.append('\n').toString();
    }

    private static String row(Contestant one) {
        System.err.println("idle streams on " + one);
        try (RunningServer server = one.start()) {
            LockSupport.parkNanos(SETTLE_NANOS);
            Load.run(server.target(), Workload.SMALL);
            // Rooms and seats are there before: what is looked at is the streams.
            try (Load load = Load.on(server.target(), Workload.W3)) {
                long heapBefore = server.liveHeapBytes();
                long before = server.residentKib();
                load.open();
                LockSupport.parkNanos(SETTLE_NANOS);
                long with = server.residentKib();
                long heapWith = server.liveHeapBytes();
                long collected = server.residentKib();
                double streams = Workload.W3.rooms() * Workload.W3.subscribers();
                return Texts.of(
                        "| %s | %d | %.0f | %.0f | %.1f | %s | %s |%n",
                        one,
                        server.startUp().toMillis(),
                        before / KIB,
                        with / KIB,
                        (with - before) / streams,
                        server.isJvm() ? Texts.of("%.1f", (collected - before) / streams) : "-",
                        server.isJvm() ? Texts.of("%.2f", (heapWith - heapBefore) / KIB / streams) : "-");
            }
        }
    }
}
