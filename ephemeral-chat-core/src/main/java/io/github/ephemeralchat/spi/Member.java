package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;

/**
 * Somebody who has a seat.
 *
 * @param identity who
 * @param joinedSequence the sequence of the entry that says so
 * @param role what the seat allows
 */
public record Member(Identity identity, long joinedSequence, Role role) {

    /** {@return whether it is the room's owner} */
    public boolean owner() {
        return role == Role.OWNER;
    }
}
