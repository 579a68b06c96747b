package io.github.ephemeralchat.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is fixed about a room when it is created. Immutable; the {@code with} methods return changed copies.
 *
 * @param maxParticipants how many seats it has
 * @param ownerOnlyDestroy whether only the owner may destroy it; otherwise any participant but a reader may
 * @param encrypted whether texts and profiles are opaque: only its participants have the key
 * @param messageTtl how long a message lives that names no shorter life, 5 seconds to 24 hours; null for the room's life
 * @param typing whether participants are told who is typing
 * @param presence whether participants are told who is connected
 */
public record RoomRules(
        int maxParticipants,
        boolean ownerOnlyDestroy,
        boolean encrypted,
        @Nullable Duration messageTtl,
        boolean typing,
        boolean presence) {

    /** The shortest life of a message. */
    public static final Duration MIN_MESSAGE_TTL = Duration.ofSeconds(5);

    /** The longest life of a message: that of a room. */
    public static final Duration MAX_MESSAGE_TTL = RoomOptions.MAX_TTL;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if there is no seat, or a life of messages is out of its bounds
     */
    public RoomRules {
        if (maxParticipants < 1) {
            throw new IllegalArgumentException("a room has at least one seat");
        }
        if (messageTtl != null && !isMessageTtl(messageTtl)) {
            throw new IllegalArgumentException("a message lives 5 to 86400 seconds");
        }
    }

    static boolean isMessageTtl(Duration ttl) {
        return ttl.compareTo(MIN_MESSAGE_TTL) >= 0 && ttl.compareTo(MAX_MESSAGE_TTL) <= 0;
    }

    /**
     * Returns the rules of a room for plain texts that live as long as the room, without signals.
     *
     * @param maxParticipants how many seats it has
     * @param ownerOnlyDestroy whether only the owner may destroy it
     * @return the rules
     */
    public static RoomRules plain(int maxParticipants, boolean ownerOnlyDestroy) {
        return new RoomRules(maxParticipants, ownerOnlyDestroy, false, null, false, false);
    }

    /**
     * Returns these rules with another number of seats.
     *
     * @param value how many, from 1
     * @return a changed copy
     */
    public RoomRules withMaxParticipants(int value) {
        return new RoomRules(value, ownerOnlyDestroy, encrypted, messageTtl, typing, presence);
    }

    /**
     * Returns these rules with another rule on who may destroy the room.
     *
     * @param value whether only the owner may
     * @return a changed copy
     */
    public RoomRules withOwnerOnlyDestroy(boolean value) {
        return new RoomRules(maxParticipants, value, encrypted, messageTtl, typing, presence);
    }

    /**
     * Returns these rules for opaque or for plain texts.
     *
     * @param value whether texts and profiles are opaque
     * @return a changed copy
     */
    public RoomRules withEncrypted(boolean value) {
        return new RoomRules(maxParticipants, ownerOnlyDestroy, value, messageTtl, typing, presence);
    }

    /**
     * Returns these rules with another life of messages.
     *
     * @param value 5 seconds to 24 hours; null for the room's life
     * @return a changed copy
     */
    public RoomRules withMessageTtl(@Nullable Duration value) {
        return new RoomRules(maxParticipants, ownerOnlyDestroy, encrypted, value, typing, presence);
    }

    /**
     * Returns these rules with other signals.
     *
     * @param tellsTyping whether participants are told who is typing
     * @param tellsPresence whether participants are told who is connected
     * @return a changed copy
     */
    public RoomRules withSignals(boolean tellsTyping, boolean tellsPresence) {
        return new RoomRules(maxParticipants, ownerOnlyDestroy, encrypted, messageTtl, tellsTyping, tellsPresence);
    }
}
