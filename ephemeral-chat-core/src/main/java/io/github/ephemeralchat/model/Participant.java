package io.github.ephemeralchat.model;

/**
 * Somebody who has a seat in a room, connected or not.
 *
 * @param identity who
 * @param role what the seat allows
 */
public record Participant(Identity identity, Role role) {

    /** {@return whether it is the room's owner} */
    public boolean owner() {
        return role == Role.OWNER;
    }
}
