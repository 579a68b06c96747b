package io.github.ephemeralchat.benchmarks.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Six masters without replicas. */
record RedisCluster(List<RedisServer> masters) {

    private static final int MASTERS = 6;

    /** Each has a user of this name and password who may do everything but shard signals. */
    private static final String PLAIN = "plain";

    static RedisCluster start(String name) {
        List<RedisServer> masters = IntStream.range(0, MASTERS)
                .mapToObj(i -> master(name + "-" + i))
                .toList();
        List<String> create = new ArrayList<>(List.of("--cluster", "create"));
        masters.forEach(master -> create.add("127.0.0.1:" + master.port()));
        create.add("--cluster-yes");
        String said = RedisServer.cli(create.toArray(String[]::new));
        if (!said.contains("All 16384 slots covered")) {
            throw new IllegalStateException("there is no cluster:\n" + said);
        }
        return new RedisCluster(masters);
    }

    private static RedisServer master(String name) {
        Path state = Project.folder(Project.logs().resolve(name + "-" + System.nanoTime()))
                .resolve("nodes.conf");
        RedisServer master =
                RedisServer.start(name, "--cluster-enabled", "yes", "--cluster-config-file", state.toString());
        String port = Integer.toString(master.port());
        RedisServer.cli(
                "-h",
                "127.0.0.1",
                "-p",
                port,
                "ACL",
                "SETUSER",
                PLAIN,
                "on",
                ">" + PLAIN,
                "~*",
                "&*",
                "+@all",
                "-spublish");
        return master;
    }

    /** Where nodes find it, with or without the right to shard signals. */
    List<String> addresses(boolean mayShard) {
        String user = mayShard ? "" : PLAIN + ":" + PLAIN + "@";
        return masters.stream()
                .map(master -> "redis://" + user + "127.0.0.1:" + master.port())
                .toList();
    }

    List<ServerProcess> processes() {
        return masters.stream().map(RedisServer::process).toList();
    }
}
