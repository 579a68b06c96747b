package io.github.ephemeralchat.spi;

/**
 * What a node tells all others, whichever rooms they serve. It may be lost, doubled, late and out of order. More kinds may
 * come: a node skips those that it does not know.
 */
public sealed interface NodeSignal {

    /**
     * A host has revoked an identity: each node ends its streams, and frees the seats that these have.
     *
     * @param identityId the identity's id
     * @param node a number of the node that says so, which has done its part
     */
    record Revoked(String identityId, long node) implements NodeSignal {

        /** Returns nothing of the id. */
        @Override
        public String toString() {
            return "Revoked[...]";
        }
    }
}
