package io.github.ephemeralchat.model;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a creator chooses about a room. Immutable; the {@code with} methods return changed copies.
 *
 * @param ttl how long the room lives, 1 to 1440 minutes
 * @param rules what is fixed from then on; 2 to 1000 seats
 * @param proof what whoever takes a new seat has to bring, valid by {@link #isValidProof}; null if nothing is asked for.
 *     Only its SHA-256 is kept. An encrypted room always asks for one
 * @param properties what the creator says about the room, by name
 */
public record RoomOptions(
        Duration ttl, RoomRules rules, @Nullable String proof, Map<String, String> properties) {

    /** The shortest life of a room. */
    public static final Duration MIN_TTL = Duration.ofMinutes(1);

    /** The longest life of a room: 1440 minutes. */
    public static final Duration MAX_TTL = Duration.ofDays(1);

    /** The smallest number of seats. */
    public static final int MIN_PARTICIPANTS = 2;

    /** The largest number of seats. */
    public static final int MAX_PARTICIPANTS = 1000;

    private static final int MIN_PROOF_LENGTH = 22;
    private static final int MAX_PROOF_LENGTH = 128;

    private static final RoomOptions DEFAULTS =
            new RoomOptions(Duration.ofMinutes(10), RoomRules.plain(10, false), null, Map.of());

    /**
     * Checks the bounds, and copies the properties.
     *
     * @throws IllegalArgumentException if a part is out of its bounds
     */
    public RoomOptions {
        Objects.requireNonNull(ttl, "ttl");
        Objects.requireNonNull(rules, "rules");
        if (ttl.compareTo(MIN_TTL) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("a room lives 1 to 1440 minutes");
        }
        if (rules.maxParticipants() < MIN_PARTICIPANTS || rules.maxParticipants() > MAX_PARTICIPANTS) {
            throw new IllegalArgumentException("a room has 2 to 1000 seats");
        }
        if (proof != null && !isValidProof(proof)) {
            throw new IllegalArgumentException("a proof has 22 to 128 characters of [A-Za-z0-9_-]");
        }
        if (rules.encrypted() && proof == null) {
            throw new IllegalArgumentException("an encrypted room asks for a proof");
        }
        properties = Map.copyOf(Objects.requireNonNull(properties, "properties"));
        checkProperties(properties);
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
        return new RoomOptions(ttl, rules, proof, properties);
    }

    /**
     * Returns these options with other rules.
     *
     * @param rules what is fixed from then on; 2 to 1000 seats
     * @return a changed copy
     */
    public RoomOptions withRules(RoomRules rules) {
        return new RoomOptions(ttl, rules, proof, properties);
    }

    /**
     * Returns these options with another number of seats.
     *
     * @param maxParticipants 2 to 1000
     * @return a changed copy
     */
    public RoomOptions withMaxParticipants(int maxParticipants) {
        return withRules(rules.withMaxParticipants(maxParticipants));
    }

    /**
     * Returns these options with another rule on who may destroy the room.
     *
     * @param ownerOnlyDestroy whether only the owner may
     * @return a changed copy
     */
    public RoomOptions withOwnerOnlyDestroy(boolean ownerOnlyDestroy) {
        return withRules(rules.withOwnerOnlyDestroy(ownerOnlyDestroy));
    }

    /**
     * Returns these options with a proof that whoever takes a new seat has to bring.
     *
     * @param proof 22 to 128 characters of {@code [A-Za-z0-9_-]}; null if nothing is asked for
     * @return a changed copy
     */
    public RoomOptions withProof(@Nullable String proof) {
        return new RoomOptions(ttl, rules, proof, properties);
    }

    /**
     * Returns these options with other properties.
     *
     * @param properties at most 16, and 4 KiB in all; see {@link Room#isValidPropertyName} and
     *     {@link Room#isValidPropertyValue}
     * @return a changed copy
     */
    public RoomOptions withProperties(Map<String, String> properties) {
        return new RoomOptions(ttl, rules, proof, properties);
    }

    /**
     * Tells whether a string may be a proof.
     *
     * @param proof any string
     * @return whether it is 22 to 128 characters of {@code [A-Za-z0-9_-]}
     */
    public static boolean isValidProof(String proof) {
        return Objects.requireNonNull(proof, "proof").length() >= MIN_PROOF_LENGTH
                && proof.length() <= MAX_PROOF_LENGTH
                && Validation.hasOnly(proof, Message::isIdCharacter);
    }

    private static void checkProperties(Map<String, String> properties) {
        properties.forEach((name, value) -> {
            if (!Room.isValidPropertyName(name) || !Room.isValidPropertyValue(value)) {
                throw new IllegalArgumentException(
                        "a property has a name [a-z][a-z0-9-]{0,31} and 1 to 512 characters");
            }
        });
        if (properties.size() > Room.MAX_PROPERTIES || Room.propertyBytes(properties) > Room.MAX_PROPERTY_BYTES) {
            throw new IllegalArgumentException("a room has at most 16 properties and 4 KiB of them");
        }
    }

    /** Returns numbers and rules; never the proof or a property. */
    @Override
    public String toString() {
        return "RoomOptions[ttl=" + ttl + ", " + rules + "]";
    }
}
