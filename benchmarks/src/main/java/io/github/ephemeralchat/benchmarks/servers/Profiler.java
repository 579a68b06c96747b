package io.github.ephemeralchat.benchmarks.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A recording of one server's process for a time. */
public final class Profiler {

    private static final String SAMPLES_PER_SECOND = "997";

    private final RunningServer server;
    private final Path jfr;
    private final Path perf;
    private final Optional<Process> sampling;
    private final long until;

    private Profiler(RunningServer server, Path jfr, Path perf, Optional<Process> sampling, long until) {
        this.server = server;
        this.jfr = jfr;
        this.perf = perf;
        this.sampling = sampling;
        this.until = until;
    }

    /**
     * Begins to record.
     *
     * @param server a JVM
     * @param name of the files
     * @param time how long
     * @return the recording
     */
    public static Profiler start(RunningServer server, String name, Duration time) {
        Path jfr = Project.results().resolve(name + ".jfr");
        Path perf = Project.results().resolve(name + ".perf");
        jcmd(server, "JFR.start", "settings=profile", "duration=" + time.toSeconds() + "s", "filename=" + jfr);
        return new Profiler(server, jfr, perf, sample(server, perf, time), System.nanoTime() + time.toNanos());
    }

    private static Optional<Process> sample(RunningServer server, Path file, Duration time) {
        return Project.program("perf")
                .map(program -> started(List.of(
                        program.toString(),
                        "record",
                        "-q",
                        "-e",
                        "cpu-clock",
                        "-F",
                        SAMPLES_PER_SECOND,
                        "-o",
                        file.toString(),
                        "-p",
                        Long.toString(server.pid()),
                        "--",
                        "sleep",
                        Long.toString(time.toSeconds()))));
    }

    /**
     * Tells whether there is still something to record.
     *
     * @return whether the time is not over
     */
    public boolean isRunning() {
        return System.nanoTime() < until;
    }

    /**
     * Looks at what was recorded, while the server still runs.
     *
     * @return words for people: where the files are, and what perf says of them
     */
    public String report() {
        String report = "JFR: " + jfr + " (jfr summary, jfr view hot-methods on JDK 21, or JDK Mission Control)\n";
        if (sampling.isEmpty()) {
            return report + "perf is not installed (Debian: apt-get install linux-perf): no view of the kernel\n";
        }
        waitFor(sampling.get());
        jcmd(server, "Compiler.perfmap");
        Path text = Path.of(perf + ".txt");
        Commands.runInto(
                text, List.of("perf", "report", "--stdio", "--no-children", "-i", perf.toString(), "-s", "dso,symbol"));
        return report + "perf: " + text + "\n";
    }

    private static void jcmd(RunningServer server, String... command) {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(server.pid())));
        all.addAll(List.of(command));
        Commands.run("jcmd", Project.root(), all);
    }

    private static Process started(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Project.logs().resolve("perf.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitFor(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
