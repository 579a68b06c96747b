package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Target;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.ServletServer;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everybody comes back at once. */
@Command(
        name = "storm",
        mixinStandardHelpOptions = true,
        description = "2,000 streams of 50 rooms resume at the same time: everybody is caught up, and the store is read"
                + " for rooms, not for streams. The server is in this process.")
final class Storm implements Callable<Integer> {

    private static final Workload CROWD = new Workload("storm", 50, 40, 600, 0, 8, 0, 200);

    /** As many entries as a feed asks for at once. */
    private static final int PAGE = 500;

    @Option(names = "--containers", split = ",", defaultValue = "jetty,tomcat", description = "Default: jetty,tomcat.")
    private List<String> containers = List.of();

    private final Checks checks = new Checks();

    @Override
    public Integer call() throws Exception {
        for (String container : containers) {
            CountingStore store = new CountingStore(MemoryRoomStore.create());
            int port = ServletServer.start(container, store);
            storm(container, Target.named("ephemeral-chat", port), store);
        }
        return checks.exitCode();
    }

    private void storm(String container, Target target, CountingStore store) {
        try (Load load = Load.on(target, CROWD)) {
            load.open();
            load.post(5);
            load.leave();
            load.post(CROWD.messages());
            store.reset();
            LoadResult result = load.resume();
            long streams = (long) CROWD.rooms() * CROWD.subscribers();
            checks.that(
                    result.isClean() && result.delivered() == streams * CROWD.messages(),
                    "%s: %d streams caught up with %d messages each in %.2f s: %s%s",
                    container,
                    streams,
                    result.delivered() / streams,
                    result.took().toMillis() / 1e3,
                    result.verdict(),
                    result.failure() == null ? "" : ", " + result.failure());
            int pages = (CROWD.messages() + PAGE - 1) / PAGE;
            checks.that(
                    store.mostReadsOfARoom() <= pages + 1,
                    "%s: a room's log was read %d times at most (%d pages, and one look at its head)",
                    container,
                    store.mostReadsOfARoom(),
                    pages);
        }
    }
}
