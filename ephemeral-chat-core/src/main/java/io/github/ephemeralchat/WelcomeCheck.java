package io.github.ephemeralchat;

import io.github.ephemeralchat.model.Identity;

/**
 * Says whether somebody is still welcome: for a host whose logins end. Each node asks about everybody who has a stream there,
 * anonymous participants too, at least every 30 seconds as long as the host answers soon. If it says no, the streams on that
 * node end and the seats that these have are freed, on all nodes.
 *
 * <p>It is called on four threads of the library, at most once at a time for each identity, and may block: nothing else waits
 * for it. What it throws counts as yes, and is logged once an outage, without its message.
 *
 * @see EphemeralChatService.Builder#stillWelcome
 * @see EphemeralChatService#revoke
 */
@FunctionalInterface
public interface WelcomeCheck {

    /**
     * Says whether somebody is still welcome.
     *
     * @param identity who has a stream; one that the library has made has an id that begins with {@code p_}
     * @return whether the streams go on
     */
    boolean stillWelcome(Identity identity);
}
