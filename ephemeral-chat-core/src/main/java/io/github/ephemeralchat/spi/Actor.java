package io.github.ephemeralchat.spi;

/** In whose name a room is changed. The store judges in the step of the change whether the actor may make it. */
public sealed interface Actor {

    /**
     * A member, proved by a token.
     *
     * @param token the token
     */
    record ByToken(TokenHash token) implements Actor {}

    /**
     * A member for whom the host vouches.
     *
     * @param identityId the id of the member's identity
     */
    record ById(String identityId) implements Actor {

        /** Returns nothing of the id. */
        @Override
        public String toString() {
            return "ById[...]";
        }
    }

    /**
     * The host, who needs no seat and may make every change.
     *
     * @param name what participants see as its name, valid by {@link io.github.ephemeralchat.model.Identity#isValidName}
     */
    record Host(String name) implements Actor {

        /** The id of the sender of what the host writes. No participant has it. */
        public static final String ID = "host";

        /** Returns nothing of the name. */
        @Override
        public String toString() {
            return "Host[...]";
        }
    }
}
