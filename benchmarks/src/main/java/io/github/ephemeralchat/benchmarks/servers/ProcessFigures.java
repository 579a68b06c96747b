package io.github.ephemeralchat.benchmarks.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux and the JVM tell about a process and those that it has started. */
final class ProcessFigures {

    private static final long TICK_MICROS = 10_000; // USER_HZ is 100 on Linux, whatever the kernel's own rate.
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int HISTOGRAM_BYTES = 2;
    private static final long KIB = 1024;

    /** As the JVM calls what is neither its own nor of its heap. */
    private static final Pattern OTHER_MEMORY = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");

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

    static long threads(Process process) {
        return read(process.pid(), "status")
                .lines()
                .filter(line -> line.startsWith("Threads:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    static boolean isJvm(Process process) {
        return process.info().command().filter(path -> path.endsWith("java")).isPresent();
    }

    /** The bytes of all objects that can be reached, after a full collection; of a JVM only. */
    static long liveHeapBytes(Process process) {
        String answer = jcmd(process, "GC.class_histogram");
        return answer.lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[HISTOGRAM_BYTES]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no histogram: " + answer));
    }

    /** What a JVM that tracks its native memory has allocated for buffers. */
    static long directBytes(Process process) {
        String answer = jcmd(process, "VM.native_memory");
        Matcher found = OTHER_MEMORY.matcher(answer);
        if (!found.find()) {
            throw new IllegalStateException("native memory is not tracked: " + answer);
        }
        return Long.parseLong(found.group(1)) * KIB;
    }

    private static String jcmd(Process process, String question) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return Commands.output(jcmd.toString(), Long.toString(process.pid()), question);
    }

    private static String read(long pid, String what) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + what));
        } catch (IOException e) {
            throw new UncheckedIOException("a server's process is gone", e);
        }
    }
}
