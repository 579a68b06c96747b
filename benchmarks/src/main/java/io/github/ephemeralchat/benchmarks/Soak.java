package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Target;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import io.github.ephemeralchat.benchmarks.servers.ServerSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A mixed load for a long time, under which nothing may grow. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description =
                "Rooms are created, joined, posted to, streamed, resumed, left, destroyed, or expire, for long: heap,"
                        + " direct memory, threads, descriptors, Redis's keys and channels must not grow.")
final class Soak implements Callable<Integer> {

    private static final String SERVERS = "chat-server,chat-server-redis";
    private static final Workload TALK = new Workload("soak", 20, 10, 0, 0, 4, 0, 200);
    private static final int POSTS = 20;
    private static final int POSTS_MEANWHILE = 5;

    /** At an even pace the number of rooms that are yet to expire is even, too. */
    private static final Duration CYCLE = Duration.ofSeconds(5);

    private static final Duration SAMPLED_EVERY = Duration.ofSeconds(10);

    /** Until then no room has expired, and servers make what they keep. */
    private static final Duration WARM_UP = Duration.ofSeconds(80);

    private static final long MIB = 1 << 20;

    @Option(names = "--servers", split = ",", defaultValue = SERVERS, description = "Default: " + SERVERS + ".")
    private List<String> servers = List.of();

    @Option(
            names = "--minutes",
            defaultValue = "10",
            description = "For each server, after a warm-up of 80 seconds. Default: 10.")
    private int minutes;

    private final Checks checks = new Checks();

    @Override
    public Integer call() {
        for (String name : servers) {
            try (RunningServer server = Contestant.named(name).start()) {
                System.out.println("soak on " + name);
                check(soak(server));
            }
        }
        return checks.exitCode();
    }

    private List<ServerSample> soak(RunningServer server) {
        Target brief = server.target().withBriefRooms();
        List<ServerSample> samples = new ArrayList<>();
        long begin = System.nanoTime();
        long sampleDue = begin + WARM_UP.toNanos();
        long end = sampleDue + Duration.ofMinutes(minutes).toNanos();
        for (int cycle = 0; System.nanoTime() - end < 0; cycle++) {
            long due = System.nanoTime() + CYCLE.toNanos();
            boolean expires = cycle % 2 == 0;
            talk(expires ? brief : server.target(), expires);
            LockSupport.parkNanos(due - System.nanoTime());
            if (System.nanoTime() - sampleDue >= 0) {
                sampleDue += SAMPLED_EVERY.toNanos();
                samples.add(sample(server, Duration.ofNanos(System.nanoTime() - begin)));
            }
        }
        return samples;
    }

    private void talk(Target target, boolean expires) {
        try (Load load = Load.on(target, TALK)) {
            load.open();
            expectClean("posts to streams", load.post(POSTS));
            load.leave();
            load.post(POSTS_MEANWHILE);
            expectClean("streams that resume", load.resume());
            load.leaveSeats();
            load.endInAllWays();
            if (!expires) {
                load.destroyRooms();
            }
        }
    }

    private void expectClean(String what, LoadResult result) {
        if (!result.isClean()) {
            @Nullable String failure = result.failure();
            checks.that(false, "%s: %s %s", what, result.verdict(), failure == null ? "" : failure);
        }
    }

    private static ServerSample sample(RunningServer server, Duration at) {
        ServerSample sample = server.sample();
        System.out.println(Texts.of(
                "%4d s: heap %5.1f MiB, direct %5.1f MiB, %d threads, %d descriptors, %d keys, %d channels",
                at.toSeconds(),
                (double) sample.heapBytes() / MIB,
                (double) sample.directBytes() / MIB,
                sample.threads(),
                sample.descriptors(),
                sample.keys(),
                sample.channels()));
        return sample;
    }

    private void check(List<ServerSample> samples) {
        check("heap after a collection", samples, ServerSample::heapBytes, MIB);
        check("direct memory", samples, ServerSample::directBytes, 2 * MIB);
        check("threads", samples, ServerSample::threads, 4);
        check("descriptors", samples, ServerSample::descriptors, 8);
        check("keys", samples, ServerSample::keys, 20);
        check("channels", samples, ServerSample::channels, 2);
    }

    private void check(String what, List<ServerSample> samples, ToLongFunction<ServerSample> figure, long slack) {
        Trend trend = new Trend(samples.stream().mapToLong(figure).boxed().toList());
        checks.that(
                trend.isFlat(slack),
                "%s: %d in the first third, %d in the last (medians)",
                what,
                trend.first(),
                trend.last());
    }
}
