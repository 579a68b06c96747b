package io.github.ephemeralchat.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/** The file in which a server that is not running has its data. */
record AppendOnlyFile(Path path) {

    private static final String END_OF_A_SCRIPT = "*1\r\n$4\r\nEXEC\r\n";

    static AppendOnlyFile in(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("appendonly\\.aof(.*\\.incr\\.aof)?"))
                    .filter(Files::isRegularFile)
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .map(AppendOnlyFile::new)
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The last bytes never reached the disk, as after a power cut, and {@code redis-check-aof --fix} has been called. What
     * Redis itself makes of a file that ends within a script's writes is no history at all: see
     * {@code docs/OPERATIONS.md}.
     */
    void loseEnd(int bytes) {
        try {
            byte[] all = Files.readAllBytes(path);
            String kept = new String(all, 0, all.length - bytes, StandardCharsets.ISO_8859_1);
            int end = kept.lastIndexOf(END_OF_A_SCRIPT) + END_OF_A_SCRIPT.length();
            Files.write(path, Arrays.copyOf(all, end));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
