package io.github.ephemeralchat.model;

/**
 * A seat in a room and the secret that proves it.
 *
 * @param room the room
 * @param participant who has the seat
 * @param token the secret, at least 128 random bits; the library keeps only its SHA-256
 */
public record Membership(Room room, Participant participant, String token) {

    /** {@return who has the seat} */
    public Identity identity() {
        return participant.identity();
    }

    /** Returns the room and the participant, never the token. */
    @Override
    public String toString() {
        return "Membership[" + room.id() + ", " + participant + "]";
    }
}
