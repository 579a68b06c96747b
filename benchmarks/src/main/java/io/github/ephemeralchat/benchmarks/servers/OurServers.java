package io.github.ephemeralchat.benchmarks.servers;

import io.github.ephemeralchat.benchmarks.load.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Starts what is ours. */
final class OurServers {

    private static final Pattern CHAT_SERVER_PORT = Pattern.compile("ephemeral-chat is at \\S+:(\\d+)");
    private static final Pattern SERVLET_PORT = Pattern.compile("listening at (\\d+)");
    private static final String TARGET = "ephemeral-chat";

    private OurServers() {}

    static RunningServer chatServer(String name, Path root) {
        return chatServer(name, root, List.of());
    }

    private static RunningServer chatServer(String name, Path root, List<String> flags) {
        Path run = root.resolve("examples/chat-server/run");
        build(root, run);
        List<String> command = new ArrayList<>(List.of(run.toString(), "--port", "0", "--rate-limits", "off"));
        command.addAll(flags);
        ServerProcess process = ServerProcess.start(name, root, command, Map.of());
        int port = process.awaitSaid(CHAT_SERVER_PORT);
        return new RunningServer(name, Target.named(TARGET, port), List.of(process), true, process.awaitPort(port));
    }

    /** So that the start is measured without it. */
    private static void build(Path root, Path run) {
        Commands.run("chat-server-build", root, List.of(run.toString(), "--version"));
    }

    static RunningServer servlet(String container) {
        List<String> command = List.of(
                Project.java(),
                "-Xmx2g",
                "-cp",
                System.getProperty("java.class.path"),
                ServletServer.class.getName(),
                container);
        ServerProcess process = ServerProcess.start("servlet-" + container, Project.root(), command, Map.of());
        int port = process.awaitSaid(SERVLET_PORT);
        return new RunningServer(
                "servlet-" + container, Target.named(TARGET, port), List.of(process), true, process.awaitPort(port));
    }

    static RunningServer chatServersOverRedis(String name, Path root, String... more) {
        RedisServer redis = RedisServer.start(name);
        List<String> flags = new ArrayList<>(List.of("--redis", "redis://127.0.0.1:" + redis.port()));
        flags.addAll(List.of(more));
        RunningServer posts = chatServer(name + "-a", root, flags);
        RunningServer streams = chatServer(name + "-b", root, flags);
        return RunningServer.pair(name, streams, posts, List.of(redis.process()), redis.port());
    }

    static RunningServer chatServersOverCluster(String name, boolean mayShard) {
        RedisCluster cluster = RedisCluster.start(name);
        List<String> flags = cluster.addresses(mayShard).stream()
                .flatMap(address -> Stream.of("--redis", address))
                .toList();
        RunningServer posts = chatServer(name + "-a", Project.root(), flags);
        RunningServer streams = chatServer(name + "-b", Project.root(), flags);
        return RunningServer.pair(name, streams, posts, cluster.processes(), 0);
    }

    static RunningServer chatServersOverPostgresql() {
        PostgresqlServer postgresql = PostgresqlServer.start("chat-server");
        List<String> flags = List.of("--postgresql", postgresql.url());
        RunningServer posts = chatServer("chat-server-postgresql-a", Project.root(), flags);
        RunningServer streams = chatServer("chat-server-postgresql-b", Project.root(), flags);
        return RunningServer.pair("chat-server-postgresql", streams, posts, List.of(postgresql.process()), 0);
    }
}
