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
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What rooms cost that are mostly silent, at two sizes: so that one sees whether the arithmetic from the smaller one holds. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description =
                "Rooms of five over Redis, idle and with a message each six seconds, at two sizes: unit costs, and how"
                        + " far the larger size is from the arithmetic. Ten minutes.")
final class Scale implements Callable<Integer> {

    private static final int SEATS = 5;
    private static final int SECONDS = 60;
    private static final int MESSAGES = 10;

    @Option(
            names = "--rooms",
            split = ",",
            defaultValue = "400,2000",
            description = "The sizes. Default: 400,2000; a node takes 10,000 streams.")
    private List<Integer> sizes = List.of();

    @Option(names = "--server", defaultValue = "chat-server-redis", description = "Default: chat-server-redis.")
    private String name = "";

    /** Each per room, per stream or per post, as {@link #call} prints it. */
    private record Units(
            int rooms,
            double setUpNodes,
            double setUpStore,
            double storeBytesPerRoom,
            double storeBytesPerMessage,
            double heapPerStream,
            double idleNodesPerStream,
            double idleStorePerRoom,
            double postNodes,
            double postStore) {}

    /** What has been used so far. */
    private record Used(long nodes, long store) {

        static Used by(RunningServer server) {
            long store = server.storeCpuMicros();
            return new Used(server.cpuMicros() - store, store);
        }

        Used since(Used before) {
            return new Used(nodes - before.nodes, store - before.store);
        }
    }

    @Override
    public Integer call() {
        List<Units> all = new ArrayList<>();
        try (RunningServer server = Contestant.named(name).start()) {
            Load.run(server.target(), Workload.WARM);
            for (int rooms : sizes) {
                System.err.println(rooms + " rooms");
                all.add(measure(server, rooms));
            }
        }
        System.out.print(Machine.description());
        System.out.println("| rooms | "
                + String.join(" | ", all.stream().map(one -> "" + one.rooms).toList()) + " | last : first |");
        System.out.println("|---|" + "---|".repeat(all.size() + 1));
        row(all, "set-up of a room of five with its streams, us of the nodes", Units::setUpNodes);
        row(all, "the same, us of the store", Units::setUpStore);
        row(all, "room of five in the store, bytes", Units::storeBytesPerRoom);
        row(all, "message of 200 characters in the store, bytes", Units::storeBytesPerMessage);
        row(all, "stream in the heap of its node, bytes", Units::heapPerStream);
        row(all, "idle stream, us of the nodes a second", Units::idleNodesPerStream);
        row(all, "idle room, us of the store a second", Units::idleStorePerRoom);
        row(all, "post to five streams, us of the nodes", Units::postNodes);
        row(all, "the same, us of the store", Units::postStore);
        return 0;
    }

    private static void row(List<Units> all, String what, ToDoubleFunction<Units> unit) {
        StringBuilder text = new StringBuilder("| " + what);
        all.forEach(one -> text.append(Texts.of(" | %.1f", unit.applyAsDouble(one))));
        double first = unit.applyAsDouble(all.get(0));
        double last = unit.applyAsDouble(all.get(all.size() - 1));
        System.out.println(text.append(Texts.of(" | %.2f |", last / first)));
    }

    private static Units measure(RunningServer server, int rooms) {
        Workload workload = new Workload("scale", rooms, SEATS, MESSAGES, 0, 16, rooms * MESSAGES / SECONDS, 200);
        long heap = server.liveHeapBytes();
        long bytes = server.storeBytes();
        Used before = Used.by(server);
        try (Load load = Load.on(server.target(), workload)) {
            load.open();
            Used setUp = Used.by(server).since(before);
            long bytesOfRooms = server.storeBytes() - bytes;
            long heapOfStreams = server.liveHeapBytes() - heap;
            Used idle = idle(server);
            Used beforePosts = Used.by(server);
            long start = System.nanoTime();
            LoadResult result = load.measure();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!result.isClean()) {
                throw new IllegalStateException("a run went wrong: " + result.verdict() + " " + result.failure());
            }
            Used posting = Used.by(server).since(beforePosts);
            double posts = (double) rooms * MESSAGES;
            long bytesOfMessages = server.storeBytes() - bytes - bytesOfRooms;
            load.destroyRooms();
            return new Units(
                    rooms,
                    (double) setUp.nodes / rooms,
                    (double) setUp.store / rooms,
                    (double) bytesOfRooms / rooms,
                    bytesOfMessages / posts,
                    (double) heapOfStreams / rooms / SEATS,
                    (double) idle.nodes / SECONDS / rooms / SEATS,
                    (double) idle.store / SECONDS / rooms,
                    (posting.nodes - idle.nodes * seconds / SECONDS) / posts,
                    (posting.store - idle.store * seconds / SECONDS) / posts);
        }
    }

    private static Used idle(RunningServer server) {
        Used before = Used.by(server);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SECONDS));
        return Used.by(server).since(before);
    }
}
