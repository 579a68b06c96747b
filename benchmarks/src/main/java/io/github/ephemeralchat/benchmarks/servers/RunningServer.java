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
 * @param stores those of them that are its store
 * @param isJvm whether the first process is a JVM
 * @param startUp from its start to its first answer
 * @param redisPort of the Redis that is one of the processes; 0 where there is none
 */
public record RunningServer(
        String name,
        Target target,
        List<ServerProcess> processes,
        List<ServerProcess> stores,
        boolean isJvm,
        Duration startUp,
        int redisPort)
        implements AutoCloseable {

    RunningServer(String name, Target target, List<ServerProcess> processes, boolean isJvm, Duration startUp) {
        this(name, target, processes, List.of(), isJvm, startUp, 0);
    }

    /** Two instances and their store as one server; {@code redisPort} is 0 if the store is not one Redis. */
    static RunningServer pair(
            String name, RunningServer streams, RunningServer posts, List<ServerProcess> stores, int redisPort) {
        List<ServerProcess> all = Stream.of(streams.processes(), posts.processes(), stores)
                .flatMap(List::stream)
                .toList();
        return new RunningServer(
                name, streams.target().publishingAt(posts.target()), all, stores, true, streams.startUp(), redisPort);
    }

    /**
     * Returns the CPU time, user and system, that all its processes have taken.
     *
     * @return microseconds, in steps of 10,000
     */
    public long cpuMicros() {
        return cpuMicros(processes);
    }

    /**
     * Returns the CPU time of the store that its nodes share.
     *
     * @return microseconds, in steps of 10,000 for each of the store's processes
     */
    public long storeCpuMicros() {
        return cpuMicros(stores);
    }

    private static long cpuMicros(List<ServerProcess> some) {
        return some.stream()
                .mapToLong(one -> ProcessFigures.cpuMicros(one.process()))
                .sum();
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
