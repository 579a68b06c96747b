package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A {@link LimitedServer} with a limit of descriptors. */
final class LimitedProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    private LimitedProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it with the JDK's own log, whose first line opens files. */
    static LimitedProcess start(int descriptors, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "ulimit -n " + descriptors + " && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                LimitedServer.class.getName()));
        command.addAll(args);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        assertThat(line).as("its port").isNotNull();
        return new LimitedProcess(process, Integer.parseInt(line));
    }

    int port() {
        return port;
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + port + "/api");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How many descriptors it has open. */
    long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new AssertionError("the process is gone", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
