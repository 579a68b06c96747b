package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.tck.Await;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.RedisExecProvider;

/** A Redis server with a password: the machine's own, else the one that comes with the tests. */
record TestRedis(Process process, int port) implements AutoCloseable {

    static final String PASSWORD = "secret";

    static TestRedis start() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String[] command = {
            program(), "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD
        };
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        TestRedis redis = new TestRedis(process, port);
        Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
        Await.until(Duration.ofSeconds(10), "Redis listens", redis::isListening);
        return redis;
    }

    private static String program() throws IOException {
        File installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> new File(folder, "redis-server"))
                .filter(File::canExecute)
                .findFirst()
                .orElse(null);
        Path program =
                installed == null ? RedisExecProvider.defaultProvider().get().toPath() : installed.toPath();
        return program.toString();
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
