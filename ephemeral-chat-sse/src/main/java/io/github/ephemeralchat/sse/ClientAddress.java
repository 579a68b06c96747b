package io.github.ephemeralchat.sse;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** By what a client's address is counted. */
final class ClientAddress {

    private static final int MAX_LENGTH = 64;

    private ClientAddress() {}

    /** The address itself; of an IPv6 address its /64 network, which one client has to itself. */
    static Object key(String address) {
        String plain = address.length() <= MAX_LENGTH ? address : address.substring(0, MAX_LENGTH);
        return plain.indexOf(':') < 0 ? plain : network(plain);
    }

    private static Object network(String address) {
        try {
            // In brackets, it is an address or an error, never a name to look up.
            InetAddress parsed = InetAddress.getByName("[" + withoutZone(address) + "]");
            return parsed instanceof Inet6Address
                    ? ByteBuffer.wrap(parsed.getAddress()).getLong()
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }

    private static String withoutZone(String address) {
        String bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        int zone = bare.indexOf('%');
        return zone < 0 ? bare : bare.substring(0, zone);
    }
}
