package io.github.ephemeralchat.benchmarks.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What Linux keeps of a server's connections on this machine. */
public final class KernelSockets {

    private static final int HEX = 16;
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int QUEUES = 4;
    private static final int INODE = 9;

    /** What the server has written and the client has not taken, and whether the server still holds the connection. */
    record Side(long unsentBytes, boolean held) {}

    private KernelSockets() {}

    /**
     * Tells whether this can be looked up here.
     *
     * @return whether this is Linux
     */
    public static boolean areKnown() {
        return Files.exists(Path.of("/proc/net/tcp"));
    }

    /**
     * Counts the connections that a server has not let go of.
     *
     * @param port the server's
     * @return how many, without the socket that listens
     */
    public static long heldBy(int port) {
        return ofServer(port).entrySet().stream()
                .filter(one -> one.getKey() != 0 && one.getValue().held())
                .count();
    }

    /** The server's side of its connections, by the client's port. */
    static Map<Integer, Side> ofServer(int port) {
        Map<Integer, Side> sides = new HashMap<>();
        for (String table : List.of("tcp", "tcp6")) {
            lines(table).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(fields -> port(fields[LOCAL]) == port)
                    .forEach(fields -> sides.put(port(fields[REMOTE]), side(fields)));
        }
        return sides;
    }

    private static Side side(String[] fields) {
        long unsent = Long.parseLong(fields[QUEUES].substring(0, fields[QUEUES].indexOf(':')), HEX);
        return new Side(unsent, !fields[INODE].equals("0"));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEX);
    }

    private static List<String> lines(String table) {
        try {
            return Files.readAllLines(Path.of("/proc/net/" + table));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
