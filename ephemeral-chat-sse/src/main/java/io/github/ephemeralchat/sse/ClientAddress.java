package io.github.ephemeralchat.sse;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By what a client is counted: its address, or of an IPv6 address its /64 network, which one client has to itself. Behind
 * proxies the address is the one that the outermost of them has seen.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239, Forwarded HTTP Extension</a>
 */
final class ClientAddress {

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");

    private static final int MAX_LENGTH = 64;
    private static final int SUBNET_BITS = 64;
    /** What providers give to one site, and to one customer. */
    private static final int[] WIDER_BITS_6 = {56, 48};

    private static final int WIDER_BITS_4 = 24;

    private final int proxies;
    private final String header;

    ClientAddress(ChatHttpSettings settings) {
        this.proxies = settings.trustedProxies;
        this.header = settings.forwardedHeader;
    }

    /**
     * A network of addresses.
     *
     * @param prefix its first 64 bits, of which the others are zero; an IPv4 address stands in the lower 32
     * @param bits how long its prefix is; negative for IPv4
     */
    record Network(long prefix, int bits) {}

    /** What a client is counted by. */
    Object key(ApiRequest request) {
        return request.hooks().client(connection -> key(address(request, connection)));
    }

    private String address(ApiRequest request, String connection) {
        return proxies == 0 ? connection : forwarded(request).orElse(connection);
    }

    /** Each proxy appends the address that it has seen: what stands before that of the outermost was the client's to write. */
    private Optional<String> forwarded(ApiRequest request) {
        List<String> hops = request.headers().apply(header).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .toList();
        if (hops.isEmpty()) {
            return Optional.empty();
        }
        String hop = hops.get(Math.max(0, hops.size() - proxies));
        return Optional.ofNullable(header.equalsIgnoreCase(ChatHttpSettings.FORWARDED) ? parameterFor(hop) : hop)
                .filter(address -> !address.isEmpty() && !address.equalsIgnoreCase("unknown"));
    }

    private static @Nullable String parameterFor(String hop) {
        return Stream.of(hop.split(";", -1))
                .map(String::strip)
                .filter(pair -> pair.regionMatches(true, 0, "for=", 0, 4))
                .map(pair -> pair.substring(4).strip().replace("\"", ""))
                .findFirst()
                .orElse(null);
    }

    /** What an address is counted by: a {@link Network}, or the text itself if it is no address. */
    static Object key(String address) {
        String plain = address.length() <= MAX_LENGTH ? address : address.substring(0, MAX_LENGTH);
        return Objects.requireNonNullElse(parse(withoutPort(plain)), plain);
    }

    /** The networks that a client's network lies in, the nearest first. */
    static List<Network> wider(Object key) {
        if (!(key instanceof Network network)) {
            return List.of();
        }
        return network.bits < 0
                ? List.of(new Network((network.prefix >>> 8) << 8, -WIDER_BITS_4))
                : Stream.of(WIDER_BITS_6[0], WIDER_BITS_6[1])
                        .map(bits -> new Network(network.prefix & (-1L << (SUBNET_BITS - bits)), bits))
                        .toList();
    }

    private static @Nullable Network parse(String address) {
        try {
            // What is neither of both would be looked up as a name.
            boolean four = IPV4.matcher(address).matches();
            InetAddress parsed = InetAddress.getByName(four ? address : "[" + address + "]");
            ByteBuffer bytes = ByteBuffer.wrap(parsed.getAddress());
            return parsed instanceof Inet6Address
                    ? new Network(bytes.getLong(), SUBNET_BITS)
                    : new Network(Integer.toUnsignedLong(bytes.getInt()), -32);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Takes the port, the brackets and the zone away, if there are any. */
    private static String withoutPort(String address) {
        String bare = address;
        if (address.startsWith("[") && address.indexOf(']') > 0) {
            bare = address.substring(1, address.indexOf(']'));
        } else if (address.indexOf(':') >= 0 && address.indexOf(':') == address.lastIndexOf(':')) {
            bare = address.substring(0, address.indexOf(':'));
        }
        int zone = bare.indexOf('%');
        return zone < 0 ? bare : bare.substring(0, zone);
    }
}
