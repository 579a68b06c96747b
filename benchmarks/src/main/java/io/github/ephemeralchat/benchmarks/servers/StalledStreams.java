package io.github.ephemeralchat.benchmarks.servers;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Watches the server's side of streams that nobody reads, from outside: when its kernel took bytes for the last time, and
 * when the server let go of the connection. The first write that was refused came after the former.
 */
public final class StalledStreams implements AutoCloseable {

    private static final long LOOK_MILLIS = 100;
    /** The end of a connection counts as a byte, and that of a body as a few: no event is so short. */
    private static final long MERE_END_BYTES = 16;

    private final int serverPort;
    private final Set<Integer> watched;
    private final Map<Integer, Long> unsent = new HashMap<>();
    private final Map<Integer, Long> tookLast = new HashMap<>();
    private final Map<Integer, Long> letGo = new HashMap<>();
    private final Thread thread = new Thread(this::watch, "stalled-streams");

    /**
     * Begins to watch.
     *
     * @param serverPort the server's port
     * @param watched the clients' ports
     */
    public StalledStreams(int serverPort, Set<Integer> watched) {
        this.serverPort = serverPort;
        this.watched = new HashSet<>(watched);
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (true) {
                look(KernelSockets.ofServer(serverPort), System.nanoTime());
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Only close() interrupts.
        }
    }

    private synchronized void look(Map<Integer, KernelSockets.Side> sides, long now) {
        for (int port : watched) {
            KernelSockets.Side side = sides.getOrDefault(port, new KernelSockets.Side(0, false));
            if (!side.held()) {
                letGo.putIfAbsent(port, now);
            } else if (side.unsentBytes() > unsent.getOrDefault(port, 0L) + MERE_END_BYTES) {
                unsent.put(port, side.unsentBytes());
                tookLast.put(port, now);
            }
        }
    }

    /**
     * Returns how many of the streams the server has let go of.
     *
     * @return a number up to that of all
     */
    public synchronized int cut() {
        return letGo.size();
    }

    /**
     * Returns the longest time from the last bytes that the server's kernel took to the end of the connection.
     *
     * @return an upper bound of the time since the first write that was refused
     */
    public synchronized Duration longest() {
        return letGo.entrySet().stream()
                .map(one -> Duration.ofNanos(one.getValue() - tookLast.getOrDefault(one.getKey(), one.getValue())))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /**
     * Returns how much the server's kernel holds for all of them at most.
     *
     * @return bytes
     */
    public synchronized long unsentBytes() {
        return unsent.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
