package io.github.ephemeralchat.examples.server;

import io.lettuce.core.RedisURI;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.embedded.RedisExecProvider;

/** A Redis for one test, with a password: the one that is installed, else the one that comes with the tests. */
final class RedisProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(10);

    private final int port = freePort();
    private Process process;

    private RedisProcess() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    static RedisProcess start() throws IOException {
        RedisProcess redis = new RedisProcess();
        redis.restart();
        return redis;
    }

    void restart() throws IOException {
        String[] command = {
            program().toString(),
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--requirepass",
            "secret"
        };
        process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await().atMost(START).until(() -> process.isAlive() && answers());
    }

    private static Path program() throws IOException {
        Path installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        return installed == null ? RedisExecProvider.defaultProvider().get().toPath() : installed;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return "redis://:secret@127.0.0.1:" + port;
    }

    RedisURI uri() {
        return RedisURI.create(address());
    }

    /** Lets it be silent: its connections stay open. */
    void freeze() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** Below the ports that the system gives to clients, so that it is still free after a restart. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // Another one, then.
            }
        }
    }
}
