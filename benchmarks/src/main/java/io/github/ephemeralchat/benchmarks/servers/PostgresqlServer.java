package io.github.ephemeralchat.benchmarks.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A PostgreSQL of one contestant's own, with its default settings, so that its CPU is counted for whom it works. */
record PostgresqlServer(int port, ServerProcess process) {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Pattern READY = Pattern.compile("port (\\d+)[\\s\\S]*ready to accept connections");

    static Optional<String> missing() {
        return program("initdb").isPresent()
                ? Optional.empty()
                : Optional.of("PostgreSQL is not here (Debian: apt-get install postgresql)");
    }

    static PostgresqlServer start(String name) {
        Path folder = folder();
        String data = folder.resolve("data").toString();
        Commands.run(
                name + "-initdb",
                folder,
                command("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C"));
        int port = ServerProcess.freePort();
        ServerProcess process = ServerProcess.start(
                name + "-postgresql",
                folder,
                command(
                        "postgres",
                        "-D",
                        data,
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="),
                Map.of());
        process.awaitSaid(READY);
        return new PostgresqlServer(port, process);
    }

    /** As its driver names it. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=bench";
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("ephemeral-chat-benchmark");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            Optional<String> user = otherUser();
            if (user.isPresent()) {
                Files.setOwner(
                        folder,
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.get()));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " is left");
        }
    }

    /** PostgreSQL refuses to run as root. */
    private static Optional<String> otherUser() {
        return System.getProperty("user.name").equals("root")
                ? Stream.of("postgres", "nobody")
                        .filter(user -> Commands.output("id", user).startsWith("uid="))
                        .findFirst()
                : Optional.empty();
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        otherUser()
                .ifPresent(user -> command.addAll(
                        List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--")));
        command.add(program(program).orElseThrow().toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static Optional<Path> program(String name) {
        return Project.program(name).or(() -> newestOfDebian(name));
    }

    private static Optional<Path> newestOfDebian(String name) {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin").resolve(name))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
