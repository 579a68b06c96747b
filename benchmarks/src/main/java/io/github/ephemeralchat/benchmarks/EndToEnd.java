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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ours beside others, in rounds that take turns. */
@Command(
        name = "e2e",
        mixinStandardHelpOptions = true,
        description =
                "Runs W1, W2, W4 and W3 on our servers and on others, all in turns, and prints a table with ratios."
                        + " This is what happens without a command. Twenty minutes.")
final class EndToEnd implements Callable<Integer> {

    private static final String IN_MEMORY = "chat-server,servlet-jetty,servlet-tomcat,nchan,spring-mvc";
    private static final List<String> NONE = List.of("none");
    private static final String OVER_REDIS = "chat-server-redis,spring-mvc-redis,spring-mvc-redis-kept";
    private static final String OVER_POSTGRESQL = "chat-server-postgresql,spring-mvc-postgresql";

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds that count; one more, whose figures are dropped, comes before. Default: 5.")
    private int rounds;

    @Option(
            names = "--servers",
            split = ",",
            defaultValue = IN_MEMORY,
            description = "Default: " + IN_MEMORY + "; none leaves them out.")
    private List<String> servers = List.of();

    @Option(
            names = "--redis-servers",
            split = ",",
            defaultValue = OVER_REDIS,
            description = "Two nodes each; W2 and W4. Default: " + OVER_REDIS + "; none leaves them out.")
    private List<String> redisServers = List.of();

    @Option(
            names = "--postgresql-servers",
            split = ",",
            defaultValue = OVER_POSTGRESQL,
            description = "The same over PostgreSQL. Default: " + OVER_POSTGRESQL + "; none leaves them out.")
    private List<String> postgresqlServers = List.of();

    @Option(names = "--skip-idle", description = "Leaves out W3: start-up time and memory of 5,000 idle streams.")
    private boolean skipIdle;

    @Option(
            names = "--posts-before",
            defaultValue = "50000",
            description = "How many posts each server has taken before the first round. Default: 50000.")
    private int postsBefore;

    @Override
    public Integer call() throws IOException {
        StringBuilder tables = new StringBuilder(Machine.description());
        tables.append(measured(servers, "", Workload.W1, Workload.W2, Workload.W4));
        tables.append(twoNodes("Redis", redisServers)).append(twoNodes("PostgreSQL", postgresqlServers));
        if (!skipIdle && !servers.equals(NONE)) {
            tables.append(IdleStreams.table(present(servers)));
        }
        Path file = Project.results().resolve("e2e.md");
        Files.writeString(file, tables);
        System.out.println(tables);
        System.out.println("This is also in " + file);
        return 0;
    }

    private String twoNodes(String store, List<String> names) {
        return measured(names, "## Two nodes over " + store + ", its CPU included\n\n", Workload.W2, Workload.W4);
    }

    private String measured(List<String> names, String title, Workload... workloads) {
        return names.equals(NONE) ? "" : title + interleaved(present(names), List.of(workloads));
    }

    /** Without those that this machine lacks, which is said. */
    private static List<Contestant> present(List<String> names) {
        List<Contestant> present = new ArrayList<>();
        for (String name : names) {
            Contestant one = Contestant.named(name);
            one.missing().ifPresentOrElse(why -> System.err.println("NOT MEASURED: " + why), () -> present.add(one));
        }
        return present;
    }

    private String interleaved(List<Contestant> contestants, List<Workload> workloads) {
        Map<Contestant, RunningServer> running = new EnumMap<>(Contestant.class);
        List<Measurement> all = new ArrayList<>();
        try {
            for (Contestant one : contestants) {
                running.put(one, one.start());
            }
            running.values().forEach(this::warm);
            for (int round = 0; round <= rounds; round++) {
                for (Workload workload : workloads) {
                    for (Contestant one : contestants) {
                        Measurement run = measure(one, Objects.requireNonNull(running.get(one)), workload, round);
                        System.err.println(run);
                        all.add(run);
                    }
                }
            }
        } finally {
            running.values().forEach(RunningServer::close);
        }
        StringBuilder text = new StringBuilder();
        for (Workload workload : workloads) {
            List<Measurement> counted = all.stream()
                    .filter(run -> run.round() > 0 && run.workload().equals(workload))
                    .toList();
            text.append(new WorkTable(workload, counted).markdown());
        }
        return text.toString();
    }

    private void warm(RunningServer server) {
        System.err.println("warming " + server.name());
        int perRoom = postsBefore / Workload.WARM.rooms();
        if (perRoom > 0) {
            Load.run(server.target(), Workload.WARM.withMessages(perRoom, 0));
        }
    }

    static Measurement measure(Contestant one, RunningServer server, Workload workload, int round) {
        try (Load load = Load.on(server.target(), workload)) {
            load.open();
            return measure(one, server, workload, round, load);
        }
    }

    /** Measures a load whose streams are open, and destroys its rooms. */
    static Measurement measure(Contestant one, RunningServer server, Workload workload, int round, Load load) {
        load.warmUp();
        long before = server.cpuMicros();
        LoadResult result = load.measure();
        long cpu = server.cpuMicros() - before;
        load.destroyRooms();
        return new Measurement(one, workload, round, result, cpu);
    }
}
