package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Identity;
import java.util.Objects;

/** In whose name a room is changed. The store judges in the step of the change whether the actor may make it. */
public sealed interface Actor {

    /**
     * A member, proved by a token.
     *
     * @param token the token
     */
    record ByToken(TokenHash token) implements Actor {

        /** Refuses null. */
        public ByToken {
            Objects.requireNonNull(token, "token");
        }
    }

    /**
     * A member for whom the host vouches.
     *
     * @param identityId the id of the member's identity
     */
    record ById(String identityId) implements Actor {

        /** Refuses null. */
        public ById {
            Objects.requireNonNull(identityId, "identityId");
        }

        /** Returns nothing of the id. */
        @Override
        public String toString() {
            return "ById[...]";
        }
    }

    /**
     * The host, who needs no seat and may make every change.
     *
     * @param name what participants see as its name, valid by {@link Identity#isValidName}
     */
    record Host(String name) implements Actor {

        /** Refuses null. */
        public Host {
            Objects.requireNonNull(name, "name");
        }

        /** {@return the sender of what the host writes; it has the id {@value Identity#HOST_ID}} */
        public Identity identity() {
            return new Identity(Identity.HOST_ID, name);
        }

        /** Returns nothing of the name. */
        @Override
        public String toString() {
            return "Host[...]";
        }
    }
}
