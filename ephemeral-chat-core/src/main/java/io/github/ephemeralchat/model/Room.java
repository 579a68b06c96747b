package io.github.ephemeralchat.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A room as it was at one moment. Code, incarnation, creation, latest end and rules never change. Instants are the store's
 * time, in milliseconds.
 *
 * @param incarnation the room's code and incarnation
 * @param createdAt when it was created
 * @param expiresAt its deadline: from this instant on the room is absent
 * @param latestExpiresAt how far the deadline can be moved
 * @param rules what was fixed when it was created
 * @param locked whether it takes nobody who has no seat yet
 * @param proofRequired whether whoever takes a new seat has to bring the proof
 * @param properties what the owner has said about it, by name
 */
public record Room(
        RoomIncarnation incarnation,
        Instant createdAt,
        Instant expiresAt,
        Instant latestExpiresAt,
        RoomRules rules,
        boolean locked,
        boolean proofRequired,
        Map<String, String> properties) {

    /** The greatest number of properties. */
    public static final int MAX_PROPERTIES = 16;

    /** The greatest sum of the bytes of UTF-8 of all names and values of properties. */
    public static final int MAX_PROPERTY_BYTES = 4096;

    private static final int MAX_VALUE_LENGTH = 512;

    /**
     * Checks the parts against each other, and copies the properties.
     *
     * @throws IllegalArgumentException if the room would end before it begins or after its latest end
     */
    public Room {
        if (!expiresAt.isAfter(createdAt) || expiresAt.isAfter(latestExpiresAt)) {
            throw new IllegalArgumentException("a room ends after it begins, and not after its latest end");
        }
        properties = Map.copyOf(properties);
    }

    /**
     * Creates a room that is open to everybody, without properties, whose deadline is its latest end.
     *
     * @param incarnation the room's code and incarnation
     * @param createdAt when it was created
     * @param expiresAt its deadline
     * @param maxParticipants how many seats it has
     * @param ownerOnlyDestroy whether only the owner may destroy it
     */
    public Room(
            RoomIncarnation incarnation,
            Instant createdAt,
            Instant expiresAt,
            int maxParticipants,
            boolean ownerOnlyDestroy) {
        this(
                incarnation,
                createdAt,
                expiresAt,
                expiresAt,
                RoomRules.plain(maxParticipants, ownerOnlyDestroy),
                false,
                false,
                Map.of());
    }

    /** {@return the room's code} */
    public RoomId id() {
        return incarnation.id();
    }

    /** {@return how many seats it has} */
    public int maxParticipants() {
        return rules.maxParticipants();
    }

    /** {@return whether only the owner may destroy it} */
    public boolean ownerOnlyDestroy() {
        return rules.ownerOnlyDestroy();
    }

    /** {@return whether texts and profiles are opaque} */
    public boolean encrypted() {
        return rules.encrypted();
    }

    /**
     * Returns this room with another deadline.
     *
     * @param deadline the deadline
     * @return a changed copy
     */
    public Room withExpiresAt(Instant deadline) {
        return new Room(incarnation, createdAt, deadline, latestExpiresAt, rules, locked, proofRequired, properties);
    }

    /**
     * Returns this room with another latest end.
     *
     * @param latest how far the deadline can be moved
     * @return a changed copy
     */
    public Room withLatestExpiresAt(Instant latest) {
        return new Room(incarnation, createdAt, expiresAt, latest, rules, locked, proofRequired, properties);
    }

    /**
     * Returns this room with other rules.
     *
     * @param other what was fixed when it was created
     * @return a changed copy
     */
    public Room withRules(RoomRules other) {
        return new Room(incarnation, createdAt, expiresAt, latestExpiresAt, other, locked, proofRequired, properties);
    }

    /**
     * Returns this room with another rule on who may come in.
     *
     * @param isLocked whether it takes nobody who has no seat yet
     * @param isProofRequired whether whoever takes a new seat has to bring the proof
     * @return a changed copy
     */
    public Room withAdmission(boolean isLocked, boolean isProofRequired) {
        return new Room(
                incarnation, createdAt, expiresAt, latestExpiresAt, rules, isLocked, isProofRequired, properties);
    }

    /**
     * Returns this room with other properties.
     *
     * @param all its properties
     * @return a changed copy
     */
    public Room withProperties(Map<String, String> all) {
        return new Room(incarnation, createdAt, expiresAt, latestExpiresAt, rules, locked, proofRequired, all);
    }

    /**
     * Tells whether a string may be a property's name.
     *
     * @param name any string
     * @return whether it is 1 to 32 characters of {@code [a-z0-9-]}, the first one a letter
     */
    public static boolean isValidPropertyName(String name) {
        return Validation.isPropertyName(Objects.requireNonNull(name, "name"));
    }

    /**
     * Tells whether a string may be a property's value.
     *
     * @param value any string
     * @return whether it has 1 to 512 whole characters, at least one of them visible
     */
    public static boolean isValidPropertyValue(String value) {
        return Validation.isWithin(Objects.requireNonNull(value, "value"), MAX_VALUE_LENGTH)
                && Validation.hasVisible(value);
    }

    /**
     * Counts what properties take of {@link #MAX_PROPERTY_BYTES}.
     *
     * @param properties values by name
     * @return the bytes of UTF-8 of all names and values
     */
    public static int propertyBytes(Map<String, String> properties) {
        return Objects.requireNonNull(properties, "properties").entrySet().stream()
                .mapToInt(each -> (each.getKey() + each.getValue()).getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    /** Returns code and times, and nothing that somebody wrote. */
    @Override
    public String toString() {
        return "Room[" + incarnation + ", expiresAt=" + expiresAt + "]";
    }
}
