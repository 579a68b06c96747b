package io.github.ephemeralchat.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * How many connections a server keeps.
 *
 * @param all of all clients
 * @param ofClient of one client
 * @param everyAddress whether the connections of addresses count that are usually a proxy's
 */
record ConnectionLimits(int all, int ofClient, boolean everyAddress) {

    /** What a connection may take of the heap, with what its client has sent of a request. */
    private static final long HEAP_EACH = 8 << 10;

    /** So many descriptors at least are left to files, to Redis, and to connections that are being closed. */
    private static final long FEWEST_LEFT = 2L * Connections.CLOSING;

    /** The greatest number of connections that this process has the heap and the descriptors for. */
    static int ofThisProcess() {
        long heap = Runtime.getRuntime().maxMemory() / HEAP_EACH;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 2, Math.min(heap, freeDescriptors())));
    }

    private static long freeDescriptors() {
        try {
            if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
                long limit = system.getMaxFileDescriptorCount();
                return limit - system.getOpenFileDescriptorCount() - Math.max(FEWEST_LEFT, limit / 8);
            }
        } catch (LinkageError e) {
            // A JDK without its module for management does not know.
        }
        return Long.MAX_VALUE;
    }

    /** The limits of a server whose host says nothing about single clients: one gets a quarter. */
    static ConnectionLimits of(int all) {
        return new ConnectionLimits(all, Math.max(1, all / 4), false);
    }

    /** A quarter is left to requests, since a stream never gives way. */
    int streams() {
        return Math.max(1, all - all / 4);
    }

    /** Whether the connections of an address are bounded: those of the own networks are usually a proxy's. */
    boolean isBounded(InetAddress address) {
        boolean own = address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal(address);
        return everyAddress || !own;
    }

    /** Private networks of IPv6: fc00::/7. */
    private static boolean isUniqueLocal(InetAddress address) {
        return address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    }
}
