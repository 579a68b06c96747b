package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A PostgreSQL server as processes of its own, which a test may kill, freeze and start again; its port stays the same. Since
 * PostgreSQL refuses to run as root, tests that do run it as another user. It ends with this JVM at the latest.
 */
public final class PostgresqlProcess implements AutoCloseable {

    /** The role that may do everything; nobody has a password. */
    public static final String ADMIN = "admin";

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int END_SECONDS = 10;

    private final PostgresqlBinary binary;
    private final int port = LocalMachine.freePort();
    private final Path folder = LocalMachine.temporaryFolder("ephemeral-chat-postgresql");
    private final List<String> options;
    private volatile Process process;

    private PostgresqlProcess(PostgresqlBinary binary, List<String> options) {
        this.binary = binary;
        this.options = options;
        otherUser().ifPresent(user -> own(folder, user));
        run(program("initdb", "-D", data(), "-U", ADMIN, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
        process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param binary the programs
     * @param options its settings, such as {@code max_connections=50}
     * @return the server
     */
    public static PostgresqlProcess start(PostgresqlBinary binary, String... options) {
        return new PostgresqlProcess(binary, List.of(options));
    }

    /** {@return the port at which it listens, on the loopback address} */
    public int port() {
        return port;
    }

    /** {@return where it has its files} */
    public Path folder() {
        return folder;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Whom the server runs as, if it cannot run as the tests do. */
    private static Optional<String> otherUser() {
        return System.getProperty("user.name").equals("root")
                ? Stream.of("postgres", "nobody")
                        .filter(PostgresqlProcess::isUser)
                        .findFirst()
                : Optional.empty();
    }

    private static boolean isUser(String name) {
        try {
            return new ProcessBuilder("id", name).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void own(Path folder, String user) {
        try {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder program(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        otherUser()
                .ifPresent(user -> command.addAll(
                        List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--")));
        command.add(binary.folder().resolve(name).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    }

    private void run(ProcessBuilder program) {
        try {
            if (program.start().waitFor() != 0) {
                throw new IllegalStateException("it failed; see " + folder.resolve("log"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process launch() {
        List<String> arguments = new ArrayList<>(List.of("-D", data(), "-p", Integer.toString(port)));
        Stream.concat(
                        Stream.of("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"),
                        options.stream())
                .forEach(option -> arguments.addAll(List.of("-c", option)));
        try {
            Process started =
                    program("postgres", arguments.toArray(String[]::new)).start();
            Awaitility.await("an answer of the server; see " + folder.resolve("log"))
                    .atMost(START)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .failFast(() -> !started.isAlive())
                    .until(() -> isReady(started));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server says so in a file, which begins with its process. */
    private boolean isReady(Process started) {
        try {
            String state = Files.readString(folder.resolve("data/postmaster.pid"));
            return state.startsWith(started.pid() + "\n") && state.contains("ready");
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts it, after it was killed, with what it has on disk. */
    public void restart() {
        process = launch();
    }

    /** Ends all of its processes as {@code kill -9} does. */
    public void kill() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(END_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Stops it from answering; its connections stay open. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets it go on after {@link #freeze()}. */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String name) {
        List<String> command = new ArrayList<>(List.of("kill", name));
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .forEach(each -> command.add(Long.toString(each.pid())));
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it and deletes its files. */
    @Override
    public void close() {
        kill();
        LocalMachine.delete(folder);
    }
}
