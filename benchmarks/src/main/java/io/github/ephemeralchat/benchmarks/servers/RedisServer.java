package io.github.ephemeralchat.benchmarks.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A Redis of one contestant's own, so that its CPU is counted for whom it works. */
record RedisServer(int port, ServerProcess process) {

    static RedisServer start(String name, String... options) {
        Path program = Project.program("redis-server")
                .orElseThrow(() -> new IllegalStateException(
                        "the runs over Redis need redis-server (Debian: apt-get install redis-server)"));
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no"));
        command.addAll(List.of(options));
        ServerProcess process = ServerProcess.start(name + "-redis", Project.logs(), command, Map.of());
        process.awaitPort(port);
        return new RedisServer(port, process);
    }

    static long keys(int port) {
        return sum(port, "db\\d+:keys=(\\d+)");
    }

    static long channels(int port) {
        return sum(port, "pubsub(?:shard)?_channels:(\\d+)");
    }

    static long usedBytes(int port) {
        return sum(port, "used_memory:(\\d+)");
    }

    private static long sum(int port, String figure) {
        String answer = cli("-h", "127.0.0.1", "-p", Integer.toString(port), "INFO", "everything");
        return Pattern.compile("^" + figure, Pattern.MULTILINE)
                .matcher(answer)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    /** What Redis's own client prints. */
    static String cli(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Project.program("redis-cli").orElseThrow().toString()));
        command.addAll(List.of(arguments));
        return Commands.output(command.toArray(String[]::new));
    }
}
