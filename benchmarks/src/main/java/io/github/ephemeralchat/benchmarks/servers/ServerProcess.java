package io.github.ephemeralchat.benchmarks.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that was started here, and that ends with this one at the latest. */
final class ServerProcess {

    private static final Duration START = Duration.ofMinutes(3);
    private static final long LOOK_NANOS = 5_000_000;
    private static final int CONNECT_MILLIS = 500;
    private static final int END_SECONDS = 8;

    private final Process process;
    private final Path log;
    private final long begin = System.nanoTime();

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static ServerProcess start(String name, Path folder, List<String> command, Map<String, String> environment) {
        try {
            Path log = Project.logs().resolve(name + ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new ServerProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody has now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    /** Waits until somebody answers there. */
    Duration awaitPort(int port) {
        await(() -> accepts(port));
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until the process has said which port it took: group 1. */
    int awaitSaid(Pattern said) {
        await(() -> said.matcher(log()).find());
        Matcher found = said.matcher(log());
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    private void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - begin > START.toNanos()) {
                throw new IllegalStateException("it does not start; " + log + " says why:\n" + log());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
