package io.github.ephemeralchat.benchmarks.servers;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Watches the server's side of streams that nobody reads, from outside: when what its kernel holds for them stopped to grow
 * for the first time, and when the server let go of the connection. The first write that was refused came after the former.
 */
public final class StalledStreams implements AutoCloseable {

    private static final long LOOK_MILLIS = 100;
    /** The end of a connection counts as a byte, and that of a body as a few: no event is so short. */
    private static final long MERE_END_BYTES = 16;
    /** No connection refuses so little. */
    private static final long ROOM_BYTES = 32 << 10;

    private final int serverPort;
    private final Map<Integer, Stalled> watched = new HashMap<>();
    private final Thread thread = new Thread(this::watch, "stalled-streams");
    private long lookedLast = System.nanoTime();

    /** What is known of one connection; nanoseconds, 0 for not yet. */
    private static final class Stalled {
        private long unsent;
        private long grewAfter;
        private long since;
        private long letGo;

        void look(KernelSockets.Side side, long lookedLast, long now) {
            if (!side.held()) {
                letGo = letGo == 0 ? now : letGo;
            } else if (side.unsentBytes() > unsent + MERE_END_BYTES) {
                unsent = side.unsentBytes();
                grewAfter = lookedLast;
            } else if (unsent > ROOM_BYTES && since == 0) {
                since = grewAfter;
            }
        }

        Duration stalledFor() {
            return letGo == 0 || since == 0 ? Duration.ZERO : Duration.ofNanos(letGo - since);
        }
    }

    /**
     * Begins to watch.
     *
     * @param serverPort the server's port
     * @param ports the clients' ports
     */
    public StalledStreams(int serverPort, Set<Integer> ports) {
        this.serverPort = serverPort;
        ports.forEach(port -> watched.put(port, new Stalled()));
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
        KernelSockets.Side none = new KernelSockets.Side(0, false);
        watched.forEach((port, stalled) -> stalled.look(sides.getOrDefault(port, none), lookedLast, now));
        lookedLast = now;
    }

    /**
     * Returns how many of the streams the server has let go of.
     *
     * @return a number up to that of all
     */
    public synchronized int cut() {
        return (int) watched.values().stream().filter(one -> one.letGo != 0).count();
    }

    /**
     * Returns the longest time from when a connection may have refused a write for the first time to its end.
     *
     * @return at least the time since the first write that was refused
     */
    public synchronized Duration longest() {
        return watched.values().stream()
                .map(Stalled::stalledFor)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /**
     * Returns how much the server's kernel holds for all of them at most.
     *
     * @return bytes
     */
    public synchronized long unsentBytes() {
        return watched.values().stream().mapToLong(one -> one.unsent).sum();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
