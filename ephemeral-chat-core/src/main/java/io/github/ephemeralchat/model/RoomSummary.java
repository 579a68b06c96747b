package io.github.ephemeralchat.model;

import java.time.Instant;

/**
 * How a room is, without anything that somebody wrote.
 *
 * @param createdAt when it was created
 * @param expiresAt its deadline
 * @param latestExpiresAt how far the deadline can be moved
 * @param participants how many seats are taken
 * @param rules what was fixed when it was created
 * @param locked whether it takes nobody who has no seat yet
 * @param proofRequired whether whoever takes a new seat has to bring the proof
 * @param properties how many properties it has
 * @param lastSequence how many entries its log has had
 */
public record RoomSummary(
        Instant createdAt,
        Instant expiresAt,
        Instant latestExpiresAt,
        int participants,
        RoomRules rules,
        boolean locked,
        boolean proofRequired,
        int properties,
        long lastSequence) {

    /**
     * Takes what may be said from a room.
     *
     * @param room the room
     * @param participants how many seats are taken
     * @param lastSequence the sequence of the log's newest entry
     */
    public RoomSummary(Room room, int participants, long lastSequence) {
        this(
                room.createdAt(),
                room.expiresAt(),
                room.latestExpiresAt(),
                participants,
                room.rules(),
                room.locked(),
                room.proofRequired(),
                room.properties().size(),
                lastSequence);
    }
}
