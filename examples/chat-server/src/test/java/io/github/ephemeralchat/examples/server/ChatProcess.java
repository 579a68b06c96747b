package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server as a process of its own, with the class path of the tests. */
final class ChatProcess implements AutoCloseable {

    private static final String ADDRESS = "ephemeral-chat is at ";

    private final Process process;

    private ChatProcess(Process process) {
        this.process = process;
    }

    static ChatProcess start(String... args) throws IOException {
        return start(List.of(), args);
    }

    /** With options for the JVM. */
    static ChatProcess start(List<String> options, String... args) throws IOException {
        return start(Main.class, options, args);
    }

    /** With another main class. */
    static ChatProcess start(Class<?> main, List<String> options, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return new ChatProcess(new ProcessBuilder(command).start());
    }

    /** Waits for the line that names the address. */
    URI uri() throws IOException {
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(line).startsWith(ADDRESS);
        return URI.create(line.substring(ADDRESS.length()));
    }

    /** Sends SIGTERM. (The process's own method would close its output as well.) */
    void terminate() {
        process.toHandle().destroy();
    }

    int exitCodeWithin(long seconds) throws InterruptedException {
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                .as("ends within %d s", seconds)
                .isTrue();
        return process.exitValue();
    }

    /** Writes what its objects hold to a file. */
    void dumpHeap(Path file) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process dump = new ProcessBuilder(
                        jcmd.toString(), Long.toString(process.pid()), "GC.heap_dump", file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(dump.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(dump.exitValue()).isZero();
    }

    /** What was written to stderr, once the process has ended. */
    String errors() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
