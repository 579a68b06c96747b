package io.github.ephemeralchat.model;

import java.time.Duration;

/**
 * What a creator chooses about a room. Immutable; the {@code with} methods return changed copies.
 *
 * @param ttl how long the room lives, 1 to 1440 minutes
 * @param maxParticipants how many seats it has, 2 to 1000
 * @param ownerOnlyDestroy whether only the owner may destroy it; otherwise any participant may
 */
public record RoomOptions(Duration ttl, int maxParticipants, boolean ownerOnlyDestroy) {

    /** The shortest life of a room. */
    public static final Duration MIN_TTL = Duration.ofMinutes(1);

    /** The longest life of a room: 1440 minutes. */
    public static final Duration MAX_TTL = Duration.ofDays(1);

    /** The smallest number of seats. */
    public static final int MIN_PARTICIPANTS = 2;

    /** The largest number of seats. */
    public static final int MAX_PARTICIPANTS = 1000;

    private static final RoomOptions DEFAULTS = new RoomOptions(Duration.ofMinutes(10), 10, false);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if the ttl or the number of seats is out of bounds
     */
    public RoomOptions {
        if (ttl.compareTo(MIN_TTL) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("a room lives 1 to 1440 minutes");
        }
        if (maxParticipants < MIN_PARTICIPANTS || maxParticipants > MAX_PARTICIPANTS) {
            throw new IllegalArgumentException("a room has 2 to 1000 seats");
        }
    }

    /** {@return the usual options: 10 minutes, 10 seats, any participant may destroy the room} */
    public static RoomOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns these options with another time to live.
     *
     * @param ttl 1 to 1440 minutes
     * @return a changed copy
     */
    public RoomOptions withTtl(Duration ttl) {
        return new RoomOptions(ttl, maxParticipants, ownerOnlyDestroy);
    }

    /**
     * Returns these options with another number of seats.
     *
     * @param maxParticipants 2 to 1000
     * @return a changed copy
     */
    public RoomOptions withMaxParticipants(int maxParticipants) {
        return new RoomOptions(ttl, maxParticipants, ownerOnlyDestroy);
    }

    /**
     * Returns these options with another rule on who may destroy the room.
     *
     * @param ownerOnlyDestroy whether only the owner may
     * @return a changed copy
     */
    public RoomOptions withOwnerOnlyDestroy(boolean ownerOnlyDestroy) {
        return new RoomOptions(ttl, maxParticipants, ownerOnlyDestroy);
    }
}
