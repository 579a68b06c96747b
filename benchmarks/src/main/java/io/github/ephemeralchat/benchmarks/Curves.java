package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.Project;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a delivery costs as things grow. */
@Command(
        name = "curves",
        mixinStandardHelpOptions = true,
        description = "Cost per delivery against a room's history, the number of rooms, and the number of idle streams:"
                + " pictures in docs, and a table. Five minutes.")
final class Curves implements Callable<Integer> {

    private static final List<Integer> HISTORY = List.of(10, 100, 1_000);
    private static final List<Integer> ROOMS = List.of(100, 1_000, 10_000);
    private static final List<Integer> IDLE = List.of(0, 1_000, 5_000, 10_000);

    /** 40,000 deliveries, as many as in the runs over many rooms. */
    private static final Workload TALK = new Workload("talk", 20, 10, 200, 20, 10, 0, 200);

    private static final Workload SPREAD = new Workload("spread", 1, 1, 1, 1, 10, 0, 200);
    private static final Workload SILENT = new Workload("idle", 1, 1, 0, 0, 1, 0, 200);
    private static final int SPREAD_DELIVERIES = 40_000;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds that count, after one that does not. Default: 5.")
    private int rounds;

    @Option(names = "--server", defaultValue = "chat-server", description = "Default: chat-server.")
    private String name = "";

    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        try (RunningServer server = Contestant.named(name).start()) {
            Load.run(server.target(), Workload.WARM);
            for (int round = 0; round <= rounds; round++) {
                System.err.println("round " + round);
                if (round == 1) {
                    figures.clear();
                }
                round(server);
            }
        }
        write("history", "CPU us per delivery, by a room's history", "messages in each room before", HISTORY);
        write("rooms", "CPU us per delivery, by the number of rooms", "rooms, one stream each, that take turns", ROOMS);
        write("idle", "CPU us per delivery, by idle streams", "streams in other rooms that say nothing", IDLE);
        return 0;
    }

    private void round(RunningServer server) {
        for (int history : HISTORY) {
            add("history", history, talk(server, history));
        }
        for (int count : ROOMS) {
            int perRoom = SPREAD_DELIVERIES / count;
            Workload spread = SPREAD.withRooms(count).withMessages(perRoom, 1);
            try (Load load = Load.on(server.target(), spread)) {
                load.open();
                load.warmUp();
                add("rooms", count, cost(server, load));
                load.destroyRooms();
            }
        }
        for (int idle : IDLE) {
            add("idle", idle, beside(server, idle));
        }
    }

    private static double beside(RunningServer server, int idle) {
        if (idle == 0) {
            return talk(server, 0);
        }
        try (Load silent = Load.on(server.target(), SILENT.withRooms(idle))) {
            silent.open();
            double cost = talk(server, 0);
            silent.destroyRooms();
            return cost;
        }
    }

    private static double talk(RunningServer server, int history) {
        try (Load load = Load.on(server.target(), TALK)) {
            if (history > 0) {
                load.post(history);
            }
            load.open();
            load.warmUp();
            double cost = cost(server, load);
            load.destroyRooms();
            return cost;
        }
    }

    private static double cost(RunningServer server, Load load) {
        long before = server.cpuMicros();
        LoadResult result = load.measure();
        if (!result.isClean()) {
            throw new IllegalStateException("a run went wrong: " + result.verdict() + " " + result.failure());
        }
        return (double) (server.cpuMicros() - before) / result.delivered();
    }

    private void add(String curve, int point, double cost) {
        figures.computeIfAbsent(curve + point, key -> new ArrayList<>()).add(cost);
    }

    private void write(String curve, String title, String below, List<Integer> points) throws IOException {
        List<LineChart.Point> line = points.stream()
                .map(point -> new LineChart.Point(
                        Texts.of("%,d", point), new Figures(figures.getOrDefault(curve + point, List.of()))))
                .toList();
        Path picture = Project.root().resolve("docs/curve-" + curve + ".svg");
        Files.writeString(picture, new LineChart(title, below, line).svg());
        System.out.println(title + " (" + below + "; " + picture.getFileName() + ")");
        line.forEach(point -> System.out.println(
                "| " + point.label() + " | " + point.figures().withRange("%.1f") + " |"));
    }
}
