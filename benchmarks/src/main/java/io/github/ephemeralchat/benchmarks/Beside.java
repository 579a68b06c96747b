package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import io.github.ephemeralchat.benchmarks.servers.RunningServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** W4 beside what else happens to a server. */
@Command(
        name = "beside",
        mixinStandardHelpOptions = true,
        description =
                "W4 by itself, while everybody in its rooms types, and while 10,000 messages of another room end in"
                        + " the same second, in turns. Four minutes for each server.")
final class Beside implements Callable<Integer> {

    private static final Workload ALONE = Workload.W4;
    private static final Workload TYPING = Workload.W4.withName("W4 with typing");
    private static final Workload ENDING = Workload.W4.withName("W4 with ends");
    private static final Workload LISTENERS = new Workload("ending", 1, 2, 0, 0, 1, 0, 200);
    private static final int TOGETHER = 10_000;

    /** From the first of them that is posted to the second in which they end. */
    private static final Duration LIFE = Duration.ofSeconds(30);

    /** After the warm-up. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final double SLOWER = 1.5;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Rounds that count; one more comes before. Default: 3.")
    private int rounds;

    @Option(
            names = "--servers",
            split = ",",
            defaultValue = "chat-server,chat-server-redis",
            description = "Default: chat-server,chat-server-redis.")
    private List<String> servers = List.of();

    private final Checks checks = new Checks();

    @Override
    public Integer call() {
        System.out.print(Machine.description());
        for (String name : servers) {
            try (RunningServer server = Contestant.named(name).start()) {
                Load.run(server.target(), Workload.WARM);
                compare(Contestant.named(name), server);
            }
        }
        return checks.exitCode();
    }

    private void compare(Contestant one, RunningServer server) {
        List<Measurement> all = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            all.add(EndToEnd.measure(one, server, ALONE, round));
            all.add(typing(one, server, round));
            all.add(ending(one, server, round));
        }
        all.forEach(System.err::println);
        all.removeIf(run -> run.round() == 0);
        for (Workload each : List.of(ALONE, TYPING, ENDING)) {
            System.out.print(new WorkTable(each, of(all, each)).markdown());
        }
        double alone = p99(all, ALONE);
        checks.that(
                p99(all, ENDING) <= SLOWER * alone,
                "%s: p99 of W4 %.2f ms while %d messages end, %.2f ms otherwise (at most %.1f times)",
                one,
                p99(all, ENDING),
                TOGETHER,
                alone,
                SLOWER);
    }

    private static List<Measurement> of(List<Measurement> all, Workload workload) {
        return all.stream().filter(run -> run.workload().equals(workload)).toList();
    }

    private static double p99(List<Measurement> all, Workload workload) {
        return new Figures(of(all, workload).stream().map(Measurement::p99).toList()).median();
    }

    private static Measurement typing(Contestant one, RunningServer server, int round) {
        try (Load load = Load.on(server.target().withTyping(), TYPING)) {
            load.open();
            load.type();
            return EndToEnd.measure(one, server, TYPING, round, load);
        }
    }

    private static Measurement ending(Contestant one, RunningServer server, int round) {
        try (Load others = Load.on(server.target(), LISTENERS);
                Load load = Load.on(server.target(), ENDING)) {
            others.open();
            load.open();
            Instant end = Instant.now().plus(LIFE);
            others.postEnding(TOGETHER, end);
            // They end in the middle of the measured run, which the warm-up precedes.
            Duration early = lasts(ENDING.warmUp())
                    .plus(PAUSE)
                    .plus(lasts(ENDING.messages()).dividedBy(2));
            Duration left = Duration.between(Instant.now(), end.minus(early));
            if (left.isNegative()) {
                throw new IllegalStateException("they were posted too late to end meanwhile");
            }
            LockSupport.parkNanos(left.toNanos());
            Measurement run = EndToEnd.measure(one, server, ENDING, round, load);
            others.destroyRooms();
            return run;
        }
    }

    private static Duration lasts(int messagesOfARoom) {
        return Duration.ofMillis(1000L * ENDING.rooms() * messagesOfARoom / ENDING.rate());
    }
}
