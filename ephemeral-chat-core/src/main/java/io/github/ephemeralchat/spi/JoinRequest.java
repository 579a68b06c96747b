package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who wants a seat brings.
 *
 * @param identity who
 * @param handle the name that an encrypted room shows in place of the identity's
 * @param named whether the host says who this is; else the identity is new with each request
 * @param token a token for the seat
 * @param proof the hash of the proof; null if there is none
 * @param profile what the seat's client says of itself, opaque, for an encrypted room; null if it says nothing
 * @param admitted whether the host lets this one pass lock and proof, though never the number of seats
 */
public record JoinRequest(
        Identity identity,
        String handle,
        boolean named,
        TokenHash token,
        @Nullable TokenHash proof,
        @Nullable String profile,
        boolean admitted) {

    /**
     * Checks who it is.
     *
     * @throws IllegalArgumentException if the identity has the id of the host, {@value Identity#HOST_ID}
     */
    public JoinRequest {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(token, "token");
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
        return new JoinRequest(identity, newHandle(), false, token, null, null, false);
    }

    /**
     * {@return a request of somebody whom the host names, without a proof}
     *
     * @param identity who
     * @param token a token for the seat
     */
    public static JoinRequest named(Identity identity, TokenHash token) {
        return new JoinRequest(identity, newHandle(), true, token, null, null, false);
    }

    private static String newHandle() {
        return Identity.anonymous().name();
    }

    /**
     * Returns the identity that takes the seat: in an encrypted room it has the handle for its name.
     *
     * @param room the room
     * @return who is seen there
     */
    public Identity identityIn(Room room) {
        return Objects.requireNonNull(room, "room").encrypted() ? new Identity(identity.id(), handle) : identity;
    }

    /**
     * Returns this request with a proof.
     *
     * @param value the hash of the proof; null if there is none
     * @return a changed copy
     */
    public JoinRequest withProof(@Nullable TokenHash value) {
        return new JoinRequest(identity, handle, named, token, value, profile, admitted);
    }

    /**
     * Returns this request with a profile.
     *
     * @param value what the seat's client says of itself, opaque; null if it says nothing
     * @return a changed copy
     */
    public JoinRequest withProfile(@Nullable String value) {
        return new JoinRequest(identity, handle, named, token, proof, value, admitted);
    }

    /** {@return this request, which passes lock and proof} */
    public JoinRequest asAdmitted() {
        return new JoinRequest(identity, handle, named, token, proof, profile, true);
    }

    /** Returns identity and whether it is named; never the profile. */
    @Override
    public String toString() {
        return "JoinRequest[" + identity + ", named=" + named + "]";
    }
}
