package io.github.ephemeralchat.benchmarks.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux and the JVM tell about a process and those that it has started. */
final class ProcessFigures {

    private static final long TICK_MICROS = 10_000; // USER_HZ is 100 on Linux, whatever the kernel's own rate.
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int HISTOGRAM_BYTES = 2;

    private ProcessFigures() {}

    private static Stream<ProcessHandle> tree(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** User and system time so far, of the process and its living children. */
    static long cpuMicros(Process process) {
        return tree(process).mapToLong(one -> cpuMicros(one.pid())).sum();
    }

    private static long cpuMicros(long pid) {
        String stat = read(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * TICK_MICROS;
    }

    /** Memory that is resident, shared pages counted by their share. */
    static long residentKib(Process process) {
        return tree(process).mapToLong(one -> residentKib(one.pid())).sum();
    }

    private static long residentKib(long pid) {
        return read(pid, "smaps_rollup")
                .lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    static long descriptors(Process process) {
        return tree(process).mapToLong(one -> count(one.pid())).sum();
    }

    private static long count(long pid) {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of all objects that can be reached, after a full collection; of a JVM only. */
    static long liveHeapBytes(Process process) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process asking = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines()
                    .filter(line -> line.startsWith("Total"))
                    .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[HISTOGRAM_BYTES]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no histogram: " + answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(long pid, String what) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + what));
        } catch (IOException e) {
            throw new UncheckedIOException("a server's process is gone", e);
        }
    }
}
