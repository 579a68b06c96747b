package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A Redis server as a process of its own, which a test may kill, freeze and start again; its port stays the same. Its
 * options are those of {@code redis-server}; with {@code --sentinel} it is a sentinel. It ends with this JVM at the
 * latest.
 */
public class RedisProcess implements AutoCloseable {

    /** The password of {@link #startWithPassword()}. */
    public static final String PASSWORD = "secret";

    private static final String SENTINEL = "--sentinel";
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final int ANSWER_MILLIS = 1000;
    private static final int END_SECONDS = 10;

    private final RedisBinary binary;
    private final List<String> options;
    private final int port = LocalMachine.freePort();
    private final Path folder = LocalMachine.temporaryFolder("ephemeral-chat-redis");
    private final boolean withPassword;
    private volatile Process process;

    /**
     * Starts a server and waits until it answers.
     *
     * @param binary the program
     * @param options what the program gets beside its address, its folder, and that it keeps no snapshot
     */
    protected RedisProcess(RedisBinary binary, List<String> options) {
        this.binary = binary;
        this.options = List.copyOf(options);
        this.withPassword = options.contains("--requirepass");
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    /**
     * {@return a server that lets everybody in}
     *
     * @param options its options
     */
    public static RedisProcess start(String... options) {
        return new RedisProcess(RedisBinary.redis(), List.of(options));
    }

    /** {@return a server with a password, which {@link #address()} has} */
    public static RedisProcess startWithPassword() {
        return start("--requirepass", PASSWORD);
    }

    /** {@return the port at which it listens, on the loopback address} */
    public final int port() {
        return port;
    }

    /** {@return where it has its files} */
    public final Path folder() {
        return folder;
    }

    /** {@return its address, with its password if it has one} */
    public final String address() {
        return "redis://" + (withPassword ? ":" + PASSWORD + "@" : "") + "127.0.0.1:" + port;
    }

    /** Starts it, after it was killed, with what it has on disk. */
    public final void restart() {
        process = launch();
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(binary.program().toString()));
        boolean sentinel = options.contains(SENTINEL);
        if (sentinel) {
            command.add(emptyFile("sentinel.conf"));
        }
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", folder.toString()));
        if (!sentinel) {
            command.addAll(List.of("--save", ""));
        }
        command.addAll(options);
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            awaitAnswer(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String emptyFile(String name) {
        try {
            return Files.writeString(folder.resolve(name), "").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer(Process started) {
        Awaitility.await("an answer of the server; see " + folder.resolve("log"))
                .atMost(START)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .failFast(() -> !started.isAlive())
                .until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(5);
            String text = new String(answer, StandardCharsets.US_ASCII);
            return text.startsWith("+PONG") || text.startsWith("-NOAU");
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends it as {@code kill -9} does. */
    public final void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it from answering; its connections stay open. */
    public final void freeze() {
        signal("-STOP");
    }

    /** Lets it go on after {@link #freeze()}. */
    public final void thaw() {
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

    private void end() {
        kill();
        LocalMachine.delete(folder);
    }

    /** Ends it and deletes its files. */
    @Override
    public void close() {
        end();
    }

    /** {@return the name of its program} */
    @Override
    public String toString() {
        return String.valueOf(binary.program().getFileName());
    }
}
