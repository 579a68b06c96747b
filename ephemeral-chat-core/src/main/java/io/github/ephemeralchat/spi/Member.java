package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has a seat.
 *
 * @param identity who
 * @param joinedSequence the sequence of the entry that says so
 * @param role what the seat allows
 * @param profile what the request for the seat brought; null if it brought none
 */
public record Member(
        Identity identity,
        long joinedSequence,
        Role role,
        @Nullable String profile) {

    /**
     * Creates a member without a profile.
     *
     * @param identity who
     * @param joinedSequence the sequence of the entry that says so
     * @param role what the seat allows
     */
    public Member(Identity identity, long joinedSequence, Role role) {
        this(identity, joinedSequence, role, null);
    }

    /** {@return whether it is the room's owner} */
    public boolean owner() {
        return role == Role.OWNER;
    }

    /**
     * Returns this member with another role.
     *
     * @param other what the seat allows
     * @return a changed copy
     */
    public Member withRole(Role other) {
        return new Member(identity, joinedSequence, other, profile);
    }

    /** {@return the same for others to see} */
    public Participant participant() {
        return new Participant(identity, role, profile);
    }

    /** Returns identity and role; never the profile. */
    @Override
    public String toString() {
        return "Member[" + identity + ", " + joinedSequence + ", " + role + "]";
    }
}
