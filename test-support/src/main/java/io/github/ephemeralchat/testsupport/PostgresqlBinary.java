package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of a PostgreSQL server: those from the PATH or of Debian, else those that come with the tests, so that none are
 * ever missing.
 *
 * @param folder where they are
 * @param origin how they were found
 */
public record PostgresqlBinary(Path folder, String origin) {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final String EMBEDDED = "/postgres-linux-x86_64.txz";

    /** {@return those that tests run on} */
    public static PostgresqlBinary found() {
        return Found.BINARY;
    }

    /** {@return those that come with the tests} */
    public static PostgresqlBinary embedded() {
        return Embedded.BINARY;
    }

    private static final class Found {
        private static final PostgresqlBinary BINARY = find();
    }

    private static final class Embedded {
        private static final PostgresqlBinary BINARY = unpack();
    }

    private static PostgresqlBinary find() {
        PostgresqlBinary found = onPath().or(PostgresqlBinary::newestOfDebian).orElseGet(PostgresqlBinary::embedded);
        System.out.println("TESTS RUN ON PostgreSQL, " + found.origin());
        return found;
    }

    private static Optional<PostgresqlBinary> onPath() {
        return LocalMachine.program("initdb")
                .filter(initdb -> LocalMachine.program("postgres").isPresent())
                .map(initdb -> new PostgresqlBinary(initdb.resolveSibling(""), "PATH"));
    }

    private static Optional<PostgresqlBinary> newestOfDebian() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Path::compareTo)
                    .map(bin -> new PostgresqlBinary(bin, bin.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PostgresqlBinary unpack() {
        Path folder = LocalMachine.temporaryFolder("ephemeral-chat-postgresql-binary");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LocalMachine.delete(folder)));
        try (InputStream packed = Objects.requireNonNull(PostgresqlBinary.class.getResourceAsStream(EMBEDDED))) {
            Path archive = folder.resolve("archive");
            Files.copy(packed, archive);
            // Readable for the user as whom the server runs.
            Process tar = new ProcessBuilder("sh", "-c", "tar -xJf archive && rm archive && chmod -R a+rX .")
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
            if (tar.waitFor() != 0) {
                throw new IllegalStateException("the programs could not be unpacked: are tar and xz installed?");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new PostgresqlBinary(folder.resolve("bin"), "embedded");
    }
}
