package io.github.ephemeralchat.model;

import java.time.Instant;
import java.util.Objects;

/**
 * Something in a room's log of a kind that the host has made up: a reaction, a vote, a move of a game. The library keeps it as
 * it keeps messages, and knows nothing of what it means.
 *
 * @param id the sender's own id for it, valid by {@link Message#isValidId}; unique per sender
 * @param sequence its position in the room's log
 * @param kind what it is, valid by {@link #isValidKind}
 * @param sender who posted it
 * @param body 1 to 4096 characters (code points), as they were posted; in an encrypted room opaque ones;
 *     empty if it is forgotten
 * @param sentAt when the store took it
 * @param life how long the body is there
 */
public record CustomEntry(
        String id, long sequence, String kind, Identity sender, String body, Instant sentAt, BodyLife life) {

    /** The greatest number of code points of a body. */
    public static final int MAX_BODY_LENGTH = 4096;

    /** Refuses null. Whether kind and body are valid is checked when somebody posts them. */
    public CustomEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(sentAt, "sentAt");
        Objects.requireNonNull(life, "life");
    }

    /**
     * Returns this entry with another life of its body.
     *
     * @param value the life
     * @return a changed copy; without the body unless all get it
     */
    public CustomEntry withLife(BodyLife value) {
        Objects.requireNonNull(value, "life");
        return new CustomEntry(id, sequence, kind, sender, value.isShown() ? body : "", sentAt, value);
    }

    /**
     * Tells whether a string may be a kind of the host's.
     *
     * @param kind any string
     * @return whether it is {@code x-} and 1 to 30 characters of {@code [a-z0-9-]}
     */
    public static boolean isValidKind(String kind) {
        return Validation.isCustomKind(Objects.requireNonNull(kind, "kind"));
    }

    /**
     * Tells whether a string may be a body.
     *
     * @param body any string
     * @return whether it has 1 to 4096 whole characters
     */
    public static boolean isValidBody(String body) {
        return Validation.isWithin(Objects.requireNonNull(body, "body"), MAX_BODY_LENGTH);
    }

    /**
     * Tells whether a string may be a body in an encrypted room.
     *
     * @param body any string
     * @return whether it is 1 to 4096 characters of {@code [A-Za-z0-9._-]}
     */
    public static boolean isValidOpaqueBody(String body) {
        return Validation.isOpaque(Objects.requireNonNull(body, "body"), MAX_BODY_LENGTH);
    }

    /** Returns position and kind, and nothing that somebody wrote. */
    @Override
    public String toString() {
        return "CustomEntry[sequence=" + sequence + ", " + kind + "]";
    }
}
