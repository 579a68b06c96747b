package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks whether Redis may evict living rooms if its memory is full. */
final class EvictionPolicyCheck {

    private static final Logger log = LoggerFactory.getLogger(EvictionPolicyCheck.class);

    /** In what {@code INFO memory} says: a limit that is not 0, and what happens at it. */
    private static final Pattern EVICTING = Pattern.compile(
            "^maxmemory:[1-9].*^maxmemory_policy:(?!noeviction)(\\S+)", Pattern.MULTILINE | Pattern.DOTALL);

    private EvictionPolicyCheck() {}

    static void warnIfEvicting(RedisCalls calls) {
        try {
            Matcher matcher = EVICTING.matcher(calls.memoryInfo());
            if (matcher.find()) {
                log.warn(
                        "Redis has maxmemory-policy {}: when it is full it THROWS AWAY LIVING ROOMS. Set it to noeviction",
                        matcher.group(1));
            }
        } catch (ChatUnavailableException e) {
            log.warn(
                    "Redis does not say its maxmemory-policy, which has to be noeviction", Failures.withoutMessages(e));
        }
    }
}
