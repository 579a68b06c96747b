package io.github.ephemeralchat.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody posts.
 *
 * @param text 1 to 4000 characters (code points), at least one of them visible; in an encrypted room 1 to 24,000 opaque ones
 * @param id the sender's own id for it, 1 to 64 characters of {@code [A-Za-z0-9_-]}: however often it is posted, it is stored
 *     once; null for one that the library makes
 * @param ttl after which time the text is forgotten, 5 seconds to 24 hours, though never later than the room's messages or the
 *     room itself; null for as late as those
 * @param claims how many participants may take the text, each once, 1 to 1000: then it is in no stream and no history; null
 *     if all get it
 */
public record NewMessage(
        String text,
        @Nullable String id,
        @Nullable Duration ttl,
        @Nullable Integer claims) {

    /** The greatest number of claims. */
    public static final int MAX_CLAIMS = 1000;

    /**
     * Checks life and claims; whether text and id are valid depends on the room.
     *
     * @throws IllegalArgumentException if one is out of its bounds
     */
    public NewMessage {
        Objects.requireNonNull(text, "text");
        if (ttl != null && !RoomRules.isMessageTtl(ttl)) {
            throw new IllegalArgumentException("a text lives 5 seconds to 24 hours");
        }
        if (claims != null && (claims < 1 || claims > MAX_CLAIMS)) {
            throw new IllegalArgumentException("a text has 1 to 1000 claims");
        }
    }

    /**
     * {@return a message whose text all get, and which lives as long as the room's messages}
     *
     * @param text the text
     */
    public static NewMessage of(String text) {
        return new NewMessage(text, null, null, null);
    }

    /**
     * Returns this under an id of the sender's.
     *
     * @param value the id; null for one that the library makes
     * @return a changed copy
     */
    public NewMessage withId(@Nullable String value) {
        return new NewMessage(text, value, ttl, claims);
    }

    /**
     * Returns this with a life of its text's own.
     *
     * @param value after which time the text is forgotten; null for as late as the room's messages
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of its bounds
     */
    public NewMessage withTtl(@Nullable Duration value) {
        return new NewMessage(text, id, value, claims);
    }

    /**
     * Returns this with a text that has to be claimed.
     *
     * @param value how many participants may take it; null if all get it
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of its bounds
     */
    public NewMessage withClaims(@Nullable Integer value) {
        return new NewMessage(text, id, ttl, value);
    }

    /** Returns nothing of the text. */
    @Override
    public String toString() {
        return "NewMessage[...]";
    }
}
