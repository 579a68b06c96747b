package io.github.ephemeralchat.redis;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A server as a process of its own, which a test may kill, stop and start again; its port stays the same. */
final class RedisServer implements AutoCloseable {

    /** What Lettuce says of servers that tests have killed is no news. Held, or it would be forgotten. */
    private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

    static {
        LETTUCE.setLevel(Level.OFF);
    }

    private static final Duration START = Duration.ofSeconds(10);

    private final RedisBinary binary;
    private final int port;
    private final Path folder;
    private final List<String> options;
    private final Runnable unwatch;
    private Process process;

    private RedisServer(RedisBinary binary, List<String> options) {
        this.binary = binary;
        this.port = freePort();
        this.options = options;
        try {
            this.folder = Files.createTempDirectory("ephemeral-chat-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        restart();
        this.unwatch = options.contains("--sentinel") ? () -> {} : ExpiryWatcher.watch(this)::close;
    }

    static RedisServer start(String... options) {
        return start(RedisBinary.redis(), options);
    }

    static RedisServer start(RedisBinary binary, String... options) {
        return new RedisServer(binary, List.of(options));
    }

    /** One server that lives as long as the tests, for those that break nothing. */
    static RedisServer shared() {
        return sharedByAll().get(0);
    }

    /** A Redis, and a Valkey too where this machine has it: for what has to hold over each. */
    static List<RedisServer> sharedByAll() {
        return Shared.SERVERS;
    }

    private static final class Shared {
        private static final List<RedisServer> SERVERS =
                RedisBinary.all().stream().map(RedisServer::start).toList();
    }

    int port() {
        return port;
    }

    Path folder() {
        return folder;
    }

    /** For the library under test: it has no more rights than are documented. */
    RedisURI uri() {
        return uri(port);
    }

    /** The same over another port, where a proxy listens. */
    static RedisURI uri(int port) {
        return RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withAuthentication("chat", "secret")
                .build();
    }

    /** For the test itself, which may do everything. */
    RedisURI adminUri() {
        return RedisURI.create("127.0.0.1", port);
    }

    /** Starts it where it does not run, with what it has on disk. */
    void restart() {
        List<String> command = new ArrayList<>(List.of(binary.program().toString()));
        if (options.contains("--sentinel")) {
            command.add(emptyFile("sentinel.conf"));
        }
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", folder.toString()));
        if (!options.contains("--sentinel")) {
            command.addAll(List.of("--save", "", "--user", "chat", "on", ">secret"));
            command.addAll(documentedRights());
        }
        command.addAll(options);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitAnswer();
    }

    private String emptyFile(String name) {
        Path file = folder.resolve(name);
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toString();
    }

    private static List<String> documentedRights() {
        try (InputStream in = RedisChat.class.getResourceAsStream("user.acl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Stream.of(line.split(" ")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer() {
        long start = System.nanoTime();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - start > START.toNanos()) {
                throw new IllegalStateException("the server does not start: see " + folder.resolve("log"));
            }
            sleep(10);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(5);
            String text = new String(answer, StandardCharsets.US_ASCII);
            return text.startsWith("+PONG") || text.startsWith("-NOAU");
        } catch (IOException e) {
            return false;
        }
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it keeps its data in, where it has an append-only file. */
    AppendOnlyFile file() {
        return AppendOnlyFile.in(folder);
    }

    /** Lets it be silent: its connections stay open. */
    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody looks at its keys any more: a look takes time, and removes what has expired. */
    void unwatch() {
        unwatch.run();
    }

    /** Ends it and removes what it had on disk. */
    @Override
    public void close() {
        kill();
        unwatch();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // It was there for the test only.
        }
    }

    @Override
    public String toString() {
        return binary.program().getFileName().toString();
    }

    static int freePort() {
        // Below the ports that the system gives to clients, and low enough for a cluster's second port.
        for (int i = 0; i < 100; i++) {
            int candidate = 12_000 + (int) (Math.random() * 8_000);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
        throw new IllegalStateException("no free port");
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
