package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Identity;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who wants a seat brings.
 *
 * @param identity who
 * @param named whether the host says who this is; else the identity is new with each request
 * @param token a token for the seat
 * @param proof the hash of the proof; null if there is none
 * @param admitted whether the host lets this one pass lock and proof, though never the number of seats
 */
public record JoinRequest(
        Identity identity,
        boolean named,
        TokenHash token,
        @Nullable TokenHash proof,
        boolean admitted) {

    /**
     * Checks who it is.
     *
     * @throws IllegalArgumentException if the identity has the id of the host, {@value Identity#HOST_ID}
     */
    public JoinRequest {
        if (identity.id().equals(Identity.HOST_ID)) {
            throw new IllegalArgumentException("this identity is the host's");
        }
    }

    /**
     * {@return a request of somebody new, without a proof}
     *
     * @param identity who
     * @param token a token for the seat
     */
    public static JoinRequest anonymous(Identity identity, TokenHash token) {
        return new JoinRequest(identity, false, token, null, false);
    }

    /**
     * {@return a request of somebody whom the host names, without a proof}
     *
     * @param identity who
     * @param token a token for the seat
     */
    public static JoinRequest named(Identity identity, TokenHash token) {
        return new JoinRequest(identity, true, token, null, false);
    }

    /**
     * Returns this request with a proof.
     *
     * @param value the hash of the proof
     * @return a changed copy
     */
    public JoinRequest withProof(@Nullable TokenHash value) {
        return new JoinRequest(identity, named, token, value, admitted);
    }

    /** {@return this request, which passes lock and proof} */
    public JoinRequest asAdmitted() {
        return new JoinRequest(identity, named, token, proof, true);
    }
}
