package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.Profiler;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where the time goes. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description =
                "Records a warm server at work: with JFR, and with perf too where it is installed, which alone sees"
                        + " the kernel.")
final class Profile implements Callable<Integer> {

    private static final Map<String, Workload> WORKLOADS = Map.of(
            "W1", Workload.W1.withMessages(2_000, 20),
            "W2", Workload.W2.withMessages(200, 5),
            "W4", Workload.W4.withMessages(600, 25));

    @Option(names = "--server", defaultValue = "chat-server", description = "Default: chat-server.")
    private String name = "";

    @Option(names = "--workload", defaultValue = "W2", description = "W1, W2 or W4. Default: W2.")
    private String workload = "";

    @Option(names = "--seconds", defaultValue = "20", description = "How long. Default: 20.")
    private int seconds;

    @Override
    public Integer call() {
        Workload wanted = WORKLOADS.get(workload);
        if (wanted == null) {
            throw new IllegalArgumentException("no workload is called " + workload);
        }
        try (RunningServer server = Contestant.named(name).start()) {
            Load.run(server.target(), Workload.WARM);
            try (Load load = Load.on(server.target(), wanted)) {
                load.open();
                load.measure(); // Compiled for this work, too.
                Profiler profiler = Profiler.start(server, name + "-" + workload, Duration.ofSeconds(seconds));
                while (profiler.isRunning()) {
                    load.measure();
                }
                System.out.println(profiler.report());
            }
        }
        return 0;
    }
}
