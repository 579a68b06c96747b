package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.RedisBinary;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A server whose keys are watched, and on which the library has no more rights than are documented. */
final class RedisServer extends RedisProcess {

    /** What Lettuce says of servers that tests have killed is no news. Held, or it would be forgotten. */
    private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

    static {
        LETTUCE.setLevel(Level.OFF);
    }

    private static final String OLDEST = "oldest";

    private final Runnable unwatch;

    private RedisServer(RedisBinary binary, List<String> options) {
        super(binary, options);
        this.unwatch = isSentinel(options) ? () -> {} : ExpiryWatcher.watch(this)::close;
    }

    public static RedisServer start(String... options) {
        return start(RedisBinary.redis(), options);
    }

    static RedisServer start(RedisBinary binary, String... options) {
        List<String> given = List.of(options);
        boolean shards = !binary.origin().equals(OLDEST);
        return new RedisServer(
                binary,
                isSentinel(given)
                        ? given
                        : Stream.concat(documentedRights(shards), given.stream())
                                .toList());
    }

    /** Redis 6.2, the oldest that is supported; the build unpacks it. */
    static RedisBinary oldest() {
        String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String file = "/oldest/redis-server-6.2.7-" + system + "-" + processor;
        try {
            Path program = Path.of(Objects.requireNonNull(RedisServer.class.getResource(file), file)
                    .toURI());
            assertThat(program.toFile().setExecutable(true))
                    .as("can be made executable")
                    .isTrue();
            return new RedisBinary(program, OLDEST);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSentinel(List<String> options) {
        return options.contains("--sentinel");
    }

    private static Stream<String> documentedRights(boolean shards) {
        try (InputStream in = RedisChat.class.getResourceAsStream("user.acl")) {
            String rights = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.concat(
                    Stream.of("--user", "chat", "on", ">" + PASSWORD),
                    rights.lines()
                            .filter(line -> !line.startsWith("#"))
                            .filter(line -> shards || !line.contains("+spublish")) // As is said there.
                            .flatMap(line -> Stream.of(line.split(" "))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One server that lives as long as the tests, for those that break nothing. */
    static RedisServer shared() {
        return sharedByAll().get(0);
    }

    /** A Redis, a Valkey too if this machine has it, with -Pfull the oldest Redis: for what has to hold over each. */
    static List<RedisServer> sharedByAll() {
        return Shared.SERVERS;
    }

    private static final class Shared {
        private static final List<RedisServer> SERVERS = Stream.concat(
                        RedisBinary.all().stream(),
                        Stream.generate(RedisServer::oldest).limit(Rounds.of(0, 1)))
                .map(RedisServer::start)
                .toList();
    }

    /** For the library under test: it has no more rights than are documented. */
    RedisURI uri() {
        return uri(port());
    }

    /** The same over another port, where a proxy listens. */
    static RedisURI uri(int port) {
        return RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withAuthentication("chat", PASSWORD)
                .build();
    }

    /** For the test itself, which may do everything. */
    RedisURI adminUri() {
        return RedisURI.create("127.0.0.1", port());
    }

    /** What it keeps its data in, if it has an append-only file. */
    AppendOnlyFile file() {
        return AppendOnlyFile.in(folder());
    }

    /** Nobody looks at its keys any more: a look takes time, and removes what has expired. */
    void unwatch() {
        unwatch.run();
    }

    @Override
    public void close() {
        super.close();
        unwatch();
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
