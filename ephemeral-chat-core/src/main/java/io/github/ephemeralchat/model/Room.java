package io.github.ephemeralchat.model;

import java.time.Instant;

/**
 * A room as it was created; nothing of it ever changes. Instants are the store's time, in milliseconds.
 *
 * @param incarnation the room's code and incarnation
 * @param createdAt when it was created
 * @param expiresAt its deadline: from this instant on the room is absent
 * @param maxParticipants how many seats it has
 * @param ownerOnlyDestroy whether only the owner may destroy it
 */
public record Room(
        RoomIncarnation incarnation,
        Instant createdAt,
        Instant expiresAt,
        int maxParticipants,
        boolean ownerOnlyDestroy) {

    /**
     * Checks the parts against each other.
     *
     * @throws IllegalArgumentException if the room would end before it begins, or has no seat
     */
    public Room {
        if (!expiresAt.isAfter(createdAt)) {
            throw new IllegalArgumentException("a room ends after it begins");
        }
        if (maxParticipants < 1) {
            throw new IllegalArgumentException("a room has at least one seat");
        }
    }

    /** {@return the room's code} */
    public RoomId id() {
        return incarnation.id();
    }
}
