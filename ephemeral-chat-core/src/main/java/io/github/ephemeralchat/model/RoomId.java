package io.github.ephemeralchat.model;

import java.util.Objects;

/**
 * The 8-character code of a room, in base58 (no {@code 0}, {@code O}, {@code I} or {@code l}).
 *
 * <p>A code has about 47 random bits, and is no secret: with it somebody can ask for a seat, and do nothing more. It is
 * kept out of logs all the same: {@link #toString()} shows only its first two characters.
 *
 * @param value the whole code
 */
public record RoomId(String value) {

    /** The number of characters of a code. */
    public static final int LENGTH = 8;

    /**
     * Checks the form of a code.
     *
     * @throws IllegalArgumentException if it is not 8 characters of base58
     */
    public RoomId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a room code is 8 characters of base58");
        }
    }

    /** {@return a random code, which is very probably, but not certainly, unused} */
    public static RoomId random() {
        return new RoomId(Base58.random(LENGTH));
    }

    /**
     * Tells whether a string has the form of a code, which says nothing about whether there is such a room.
     *
     * @param value any string
     * @return whether it is 8 characters of base58
     */
    public static boolean isValid(String value) {
        return Objects.requireNonNull(value, "value").length() == LENGTH && Validation.hasOnly(value, Base58::isDigit);
    }

    /** Returns the code with all but its first two characters hidden. */
    @Override
    public String toString() {
        return value.substring(0, 2) + "******";
    }
}
