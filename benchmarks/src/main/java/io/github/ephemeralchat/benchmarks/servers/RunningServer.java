package io.github.ephemeralchat.benchmarks.servers;

import io.github.ephemeralchat.benchmarks.load.Target;
import java.time.Duration;
import java.util.List;

/**
 * A server that answers: one process or several, whose figures are added up.
 *
 * @param name for tables
 * @param target how it is put under load
 * @param processes what it consists of, a store of its own included
 * @param isJvm whether the first process is a JVM
 * @param startUp from its start to its first answer
 */
public record RunningServer(String name, Target target, List<ServerProcess> processes, boolean isJvm, Duration startUp)
        implements AutoCloseable {

    /**
     * Returns the CPU time, user and system, that all its processes have taken.
     *
     * @return microseconds, in steps of 10,000
     */
    public long cpuMicros() {
        return processes.stream()
                .mapToLong(one -> ProcessFigures.cpuMicros(one.process()))
                .sum();
    }

    /**
     * Returns the memory that all its processes hold.
     *
     * @return resident KiB
     */
    public long residentKib() {
        return processes.stream()
                .mapToLong(one -> ProcessFigures.residentKib(one.process()))
                .sum();
    }

    /**
     * Collects the garbage of a JVM and counts what is left.
     *
     * @return bytes; 0 where it is no JVM
     */
    public long liveHeapBytes() {
        return isJvm ? ProcessFigures.liveHeapBytes(processes.get(0).process()) : 0;
    }

    /**
     * Counts the open files and sockets of all its processes.
     *
     * @return how many
     */
    public long descriptors() {
        return processes.stream()
                .mapToLong(one -> ProcessFigures.descriptors(one.process()))
                .sum();
    }

    /**
     * Returns the first process.
     *
     * @return its id
     */
    public long pid() {
        return processes.get(0).process().pid();
    }

    /** Ends its processes, and no other's. */
    @Override
    public void close() {
        processes.forEach(ServerProcess::stop);
    }
}
