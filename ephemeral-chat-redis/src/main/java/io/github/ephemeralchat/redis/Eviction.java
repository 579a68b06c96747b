package io.github.ephemeralchat.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether Redis may throw living rooms away to make place. */
final class Eviction {

    private static final Logger log = LoggerFactory.getLogger(Eviction.class);

    private Eviction() {}

    /**
     * Warns where it may.
     *
     * @param info what {@code INFO memory} says
     */
    static void warnWherePossible(String info) {
        String policy = value(info, "maxmemory_policy");
        boolean unlimited = value(info, "maxmemory").equals("0");
        if (!unlimited && !policy.isEmpty() && !policy.equals("noeviction")) {
            log.warn(
                    "Redis has maxmemory-policy {}: when it is full it THROWS AWAY LIVING ROOMS. Set it to noeviction",
                    policy);
        }
    }

    static String value(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
