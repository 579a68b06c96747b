package io.github.ephemeralchat.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether Redis may throw living rooms away to make place. */
final class EvictionPolicyCheck {

    private static final Logger log = LoggerFactory.getLogger(EvictionPolicyCheck.class);

    private EvictionPolicyCheck() {}

    /** Asks once, and warns where it may. */
    static void look(StatefulConnection<String, byte[]> connection) {
        try {
            warnWherePossible(RedisConnector.commands(connection)
                    .info("memory")
                    .get(RedisCalls.COMMAND_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException | RedisException e) {
            log.warn("Redis does not say its maxmemory-policy, which has to be noeviction");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void warnWherePossible(String info) {
        String policy = value(info, "maxmemory_policy");
        boolean unlimited = value(info, "maxmemory").equals("0");
        if (!unlimited && !policy.isEmpty() && !policy.equals("noeviction")) {
            log.warn(
                    "Redis has maxmemory-policy {}: when it is full it THROWS AWAY LIVING ROOMS. Set it to noeviction",
                    policy);
        }
    }

    private static String value(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
