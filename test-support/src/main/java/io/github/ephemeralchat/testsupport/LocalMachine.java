package io.github.ephemeralchat.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** What tests need of the machine that they run on. */
public final class LocalMachine {

    private static final int LOWEST_PORT = 12_000;
    private static final int PORTS = 8_000;
    private static final int ATTEMPTS = 100;

    private LocalMachine() {}

    /** {@return the first of these programs that is on the PATH} */
    static Optional<Path> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * {@return a server's program, also if it is where only an administrator's PATH leads}
     *
     * @param name what it is called
     */
    public static Optional<Path> serverProgram(String name) {
        return Stream.concat(
                        program(name).stream(), Stream.of(Path.of("/usr/sbin", name), Path.of("/usr/local/sbin", name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** {@return the first of these programs that is on the PATH, without which there is nothing to test} */
    static Path installed(String... names) {
        return program(names)
                .orElseThrow(() -> new IllegalStateException(names[0] + " is not installed; etc/test-tools does that"));
    }

    /**
     * {@return a port that nothing uses} It is below the ports that the system gives to clients, so that it stays free
     * while a server restarts, and low enough for the second port of a Redis cluster's node.
     */
    public static int freePort() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int candidate = LOWEST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next candidate may be free.
            }
        }
        throw new IllegalStateException("no free port");
    }

    static Path temporaryFolder(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder with all that is in it, as far as possible: the system clears what is left. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            // Something else deletes files in it at the same time.
        }
    }
}
