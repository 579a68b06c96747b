package io.github.ephemeralchat.benchmarks.servers;

import io.github.ephemeralchat.benchmarks.load.Target;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * A server that answers: one process or several, whose figures are added up.
 *
 * @param name for tables
 * @param target how it is put under load
 * @param processes what it consists of, a store of its own included
 * @param isJvm whether the first process is a JVM
 * @param startUp from its start to its first answer
 * @param redisPort of the Redis that is one of the processes; 0 where there is none
 */
public record RunningServer(
        String name, Target target, List<ServerProcess> processes, boolean isJvm, Duration startUp, int redisPort)
        implements AutoCloseable {

    RunningServer(String name, Target target, List<ServerProcess> processes, boolean isJvm, Duration startUp) {
        this(name, target, processes, isJvm, startUp, 0);
    }

    /** Two instances and their store as one server; {@code redisPort} is 0 for another kind of store. */
    static RunningServer pair(
            String name, RunningServer streams, RunningServer posts, ServerProcess store, int redisPort) {
        List<ServerProcess> all = Stream.of(streams.processes(), posts.processes(), List.of(store))
                .flatMap(List::stream)
                .toList();
        return new RunningServer(
                name, streams.target().publishingAt(posts.target()), all, true, streams.startUp(), redisPort);
    }

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
     * Returns the CPU time of the store that its nodes share, which is the last of its processes.
     *
     * @return microseconds, in steps of 10,000
     */
    public long storeCpuMicros() {
        return ProcessFigures.cpuMicros(processes.get(processes.size() - 1).process());
    }

    /**
     * Returns what its Redis holds.
     *
     * @return bytes, without fragmentation
     */
    public long storeBytes() {
        return RedisServer.usedBytes(redisPort);
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
     * Collects the garbage of all its JVMs and counts what is held. Its JVMs have to track their native memory.
     *
     * @return what it holds now
     */
    public ServerSample sample() {
        return new ServerSample(
                ofJvms(ProcessFigures::liveHeapBytes),
                ofJvms(ProcessFigures::directBytes),
                ofJvms(ProcessFigures::threads),
                descriptors(),
                redisPort == 0 ? 0 : RedisServer.keys(redisPort),
                redisPort == 0 ? 0 : RedisServer.channels(redisPort));
    }

    private long ofJvms(ToLongFunction<Process> figure) {
        return processes.stream()
                .map(ServerProcess::process)
                .filter(ProcessFigures::isJvm)
                .mapToLong(figure)
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
