package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where a prototype lost messages: threads that are not the container.s and write, in a container with a state of its own. */
@Command(
        name = "tomcat-stress",
        mixinStandardHelpOptions = true,
        description = "20 million deliveries of W1 and W2 on Tomcat, of which none may be lost and no stream cut.")
final class TomcatStress implements Callable<Integer> {

    private static final int MANY = 500;

    @Option(names = "--deliveries", defaultValue = "20000000", description = "How many. Default: 20000000.")
    private long deliveries;

    @Option(
            names = "--server",
            defaultValue = "servlet-tomcat",
            description = "Another server. Default: servlet-tomcat.")
    private String name = "";

    @Override
    public Integer call() {
        Checks checks = new Checks();
        try (RunningServer server = Contestant.named(name).start()) {
            for (Workload workload : List.of(Workload.W1, Workload.W2.withMessages(MANY, 5))) {
                long delivered = 0;
                while (delivered < deliveries / 2) {
                    LoadResult result = run(server, workload);
                    delivered += result.delivered();
                    checks.that(
                            result.isClean(),
                            "%s %s: %d deliveries, %s, %d streams cut, %d posts refused%s",
                            name,
                            workload.name(),
                            delivered,
                            result.verdict(),
                            result.streamsCut(),
                            result.refused(),
                            result.failure() == null ? "" : ", " + result.failure());
                }
            }
        }
        return checks.exitCode();
    }

    private static LoadResult run(RunningServer server, Workload workload) {
        try (Load load = Load.on(server.target(), workload)) {
            load.open();
            LoadResult result = load.measure();
            load.destroyRooms();
            return result;
        }
    }
}
