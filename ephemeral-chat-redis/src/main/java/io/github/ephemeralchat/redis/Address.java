package io.github.ephemeralchat.redis;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads where a Redis is. What was written is not repeated if it is wrong: it may hold a password. */
final class Address {

    private static final List<String> SCHEMES = List.of("redis://", "rediss://", "redis-sentinel://");

    /** Lettuce takes for a host what it can't read: a part of the password too, if that has an unescaped character. */
    private static final Pattern HOST = Pattern.compile("[\\w.-]+|\\[[\\p{XDigit}:.]+]");

    private static final String RULE = "an address is redis://HOST:PORT, rediss://HOST:PORT or"
            + " redis-sentinel://HOST:PORT,HOST:PORT#MASTER, and special characters of a password are percent-encoded";

    private Address() {}

    static RedisURI parse(String text) {
        RedisURI uri = read(text.strip());
        List<RedisURI> servers = uri.getSentinels().isEmpty() ? List.of(uri) : uri.getSentinels();
        if (!servers.stream().allMatch(Address::hasHost)) {
            throw new IllegalArgumentException(RULE);
        }
        return uri;
    }

    @SuppressWarnings("UnusedException") // Its message is what was written.
    private static RedisURI read(String text) {
        if (SCHEMES.stream().noneMatch(text::startsWith)) {
            throw new IllegalArgumentException(RULE);
        }
        try {
            return RedisURI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(RULE);
        }
    }

    private static boolean hasHost(RedisURI server) {
        return Stream.ofNullable(server.getHost())
                .anyMatch(host -> HOST.matcher(host).matches());
    }
}
