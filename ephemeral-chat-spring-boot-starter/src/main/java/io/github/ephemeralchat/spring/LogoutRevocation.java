package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;

/** Revokes the identity of a login that has ended. A chat that cannot be reached keeps nobody from logging out. */
final class LogoutRevocation {

    private static final Logger log = LoggerFactory.getLogger(LogoutRevocation.class);

    private final EphemeralChatService chat;
    private final LoginIdentity identities;

    LogoutRevocation(EphemeralChatService chat, LoginIdentity identities) {
        this.chat = chat;
        this.identities = identities;
    }

    void revoke(@Nullable Authentication login) {
        Identity identity = login == null ? null : identities.identity(login);
        if (identity == null) {
            return;
        }
        try {
            chat.revoke(identity.id());
        } catch (ChatUnavailableException e) {
            log.warn(
                    "A logout was not told to every node of the chat, or a seat was not freed; that is tried again for a minute");
        }
    }
}
