package io.github.ephemeralchat.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What a table was measured on. */
final class Machine {

    private Machine() {}

    static String description() {
        return Texts.of(
                "Measured on %s: %s, %d cores, Linux %s, JDK %s. Load average at the start: %s.%n%n",
                LocalDate.now(ZoneOffset.UTC),
                line("/proc/cpuinfo", "model name").replaceFirst(".*: *", ""),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                Runtime.version(),
                line("/proc/loadavg", "").replaceFirst("^(\\S+ \\S+ \\S+).*", "$1"));
    }

    private static String line(String file, String beginning) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
