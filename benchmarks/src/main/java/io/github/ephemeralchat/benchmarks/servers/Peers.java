package io.github.ephemeralchat.benchmarks.servers;

import io.github.ephemeralchat.benchmarks.load.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts what ours is measured beside. */
final class Peers {

    private static final Path NCHAN_MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

    private static final String SPRING = "spring-mvc";

    private Peers() {}

    static Optional<String> nchanMissing() {
        return Project.program("nginx").isPresent() && Files.exists(NCHAN_MODULE)
                ? Optional.empty()
                : Optional.of("nchan is not here (Debian: apt-get install nginx-light libnginx-mod-nchan)");
    }

    static RunningServer nchan() {
        int port = ServerProcess.freePort();
        Path folder = Project.folder(Project.root().resolve("benchmarks/target/nchan"));
        Project.folder(folder.resolve("tmp"));
        Path settings = folder.resolve("nginx.conf");
        try (InputStream in = Peers.class.getResourceAsStream("/nchan.conf")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    settings, text.replace("@module@", NCHAN_MODULE.toString()).replace("@port@", "" + port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String nginx = Project.program("nginx").orElseThrow().toString();
        ServerProcess process = ServerProcess.start(
                "nchan", folder, List.of(nginx, "-p", folder + "/", "-c", settings.toString()), Map.of());
        return new RunningServer(
                "nchan", Target.named("nchan", port), List.of(process), false, process.awaitPort(port));
    }

    static RunningServer springMvc() {
        return spring("spring-mvc", SPRING, List.of());
    }

    static RunningServer springMvcOverRedis() {
        return springOverRedis("spring-mvc-redis", SPRING, "redis");
    }

    static RunningServer springMvcOverRedisThatKeeps() {
        return springOverRedis("spring-mvc-redis-kept", "spring-mvc-kept", "redis,kept");
    }

    private static RunningServer springOverRedis(String name, String target, String profiles) {
        RedisServer redis = RedisServer.start(name);
        List<String> flags =
                List.of("--spring.profiles.active=" + profiles, "--spring.data.redis.port=" + redis.port());
        RunningServer posts = spring(name + "-a", target, flags);
        RunningServer streams = spring(name + "-b", target, flags);
        return RunningServer.pair(name, streams, posts, List.of(redis.process()), redis.port());
    }

    static RunningServer springMvcOverPostgresql() {
        PostgresqlServer postgresql = PostgresqlServer.start("spring-mvc");
        List<String> flags = List.of("--spring.profiles.active=postgresql", "--peer.url=" + postgresql.url());
        RunningServer posts = spring("spring-mvc-postgresql-a", SPRING, flags);
        RunningServer streams = spring("spring-mvc-postgresql-b", SPRING, flags);
        return RunningServer.pair("spring-mvc-postgresql", streams, posts, List.of(postgresql.process()), 0);
    }

    /** Ended at once: with streams open an orderly end waits for a minute. */
    private static RunningServer spring(String name, String target, List<String> flags) {
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of(
                Project.java(),
                "-Xmx2g",
                "-jar",
                springJar().toString(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--server.shutdown=immediate"));
        command.addAll(flags);
        ServerProcess process = ServerProcess.start(name, Project.root(), command, Map.of());
        return new RunningServer(name, Target.named(target, port), List.of(process), true, process.awaitPort(port));
    }

    private static Path springJar() {
        Path folder = Project.root().resolve("benchmarks/spring-peer");
        Path jar = folder.resolve("target/spring-peer.jar");
        if (!Files.exists(jar)
                || isNewerThan(jar, folder.resolve("src"))
                || isNewerThan(jar, folder.resolve("pom.xml"))) {
            String maven = Project.root().resolve("etc/maven").toString();
            Commands.run("spring-peer-build", folder, List.of(maven, "-B", "-q", "package"));
        }
        return jar;
    }

    private static boolean isNewerThan(Path jar, Path sources) {
        try (Stream<Path> all = Files.walk(sources)) {
            long built = Files.getLastModifiedTime(jar).toMillis();
            return all.anyMatch(source -> source.toFile().lastModified() > built);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
