package io.github.ephemeralchat.benchmarks.servers;

/**
 * What a server holds at one moment, over all its processes.
 *
 * @param heapBytes of its JVMs, after a full collection
 * @param directBytes that its JVMs have allocated outside of their heaps for buffers
 * @param threads of its JVMs
 * @param descriptors open files and sockets
 * @param keys in its Redis; 0 where it has none
 * @param channels that somebody is subscribed to in its Redis; 0 where it has none
 */
public record ServerSample(
        long heapBytes, long directBytes, long threads, long descriptors, long keys, long channels) {}
