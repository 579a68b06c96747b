package io.github.ephemeralchat.model;

import java.time.Instant;
import java.util.Objects;

/**
 * A message of a room.
 *
 * @param id the sender's own id for it, 1 to 64 characters of {@code [A-Za-z0-9_-]}; unique per sender
 * @param sequence its position in the room's log
 * @param sender who wrote it
 * @param text 1 to 4000 characters (code points), as they were written; in an encrypted room 1 to 24,000 opaque ones; empty
 *     if the text is forgotten or has to be claimed
 * @param sentAt when the store took it
 * @param life how long the text is there, and who gets it
 */
public record Message(String id, long sequence, Identity sender, String text, Instant sentAt, BodyLife life) {

    /** The greatest number of code points of a text. */
    public static final int MAX_TEXT_LENGTH = 4000;

    /** The greatest number of characters of a text in an encrypted room. */
    public static final int MAX_OPAQUE_LENGTH = 24_000;

    private static final int MAX_ID_LENGTH = 64;

    /**
     * Creates a message whose text all get, and which lives as long as the room.
     *
     * @param id the sender's own id for it
     * @param sequence its position in the room's log
     * @param sender who wrote it
     * @param text the text
     * @param sentAt when the store took it
     */
    public Message(String id, long sequence, Identity sender, String text, Instant sentAt) {
        this(id, sequence, sender, text, sentAt, BodyLife.OF_THE_ROOM);
    }

    /**
     * Returns this message with another life of its text.
     *
     * @param value the life
     * @return a changed copy; without the text unless all get it
     */
    public Message withLife(BodyLife value) {
        return new Message(id, sequence, sender, value.isShown() ? text : "", sentAt, value);
    }

    /**
     * Tells whether the host wrote this: then its sender has no seat, and the id {@code host}, which no participant has.
     *
     * @return whether it is a notice
     */
    public boolean isNotice() {
        return sender.id().equals(Identity.HOST_ID);
    }

    /**
     * Tells whether a string may be a message's text.
     *
     * @param text any string
     * @return whether it has 1 to 4000 whole characters, at least one of them visible
     */
    public static boolean isValidText(String text) {
        return Validation.isWithin(Objects.requireNonNull(text, "text"), MAX_TEXT_LENGTH)
                && Validation.hasVisible(text);
    }

    /**
     * Tells whether a string may be a message's text in an encrypted room.
     *
     * @param text any string
     * @return whether it is 1 to 24,000 characters of {@code [A-Za-z0-9._-]}
     */
    public static boolean isValidOpaqueText(String text) {
        return Validation.isOpaque(Objects.requireNonNull(text, "text"), MAX_OPAQUE_LENGTH);
    }

    /**
     * Tells whether a string may be a message's id.
     *
     * @param id any string
     * @return whether it is 1 to 64 characters of {@code [A-Za-z0-9_-]}
     */
    public static boolean isValidId(String id) {
        return !Objects.requireNonNull(id, "id").isEmpty()
                && id.length() <= MAX_ID_LENGTH
                && Validation.hasOnly(id, Message::isIdCharacter);
    }

    static boolean isIdCharacter(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** Returns the position and nothing that somebody wrote. */
    @Override
    public String toString() {
        return "Message[sequence=" + sequence + "]";
    }
}
