package io.github.ephemeralchat.benchmarks.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where things are: in this project, and on this machine. */
public final class Project {

    private static final String BEFORE = "project.before";

    private Project() {}

    /**
     * Returns the project's folder.
     *
     * @return what {@code benchmarks/run} says
     */
    public static Path root() {
        String root = System.getProperty("project.root");
        if (root == null) {
            throw new IllegalStateException("benchmarks/run starts this");
        }
        return Path.of(root);
    }

    /**
     * Returns where results go.
     *
     * @return a folder that is there
     */
    public static Path results() {
        return folder(root().resolve("benchmarks/target/results"));
    }

    static Path logs() {
        return folder(root().resolve("benchmarks/target/logs"));
    }

    static Path folder(Path wanted) {
        try {
            return Files.createDirectories(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another checkout of this project. */
    static Path before() {
        return Path.of(System.getProperty(BEFORE, "")).toAbsolutePath();
    }

    static Optional<String> beforeMissing() {
        return System.getProperty(BEFORE) == null
                ? Optional.of("JAVA_OPTS=-D" + BEFORE + "=FOLDER names the checkout to compare with")
                : Optional.empty();
    }

    /** A program on the PATH, or where Debian keeps those for administrators. */
    static Optional<Path> program(String name) {
        String folders = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
        return Stream.of(folders.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
