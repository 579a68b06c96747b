package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a room's log. Kind and body mean nothing to a store, except for the kinds that it writes itself, without a
 * key: {@link #LEFT} with an empty body, and the others with a body that {@link EntryBody} makes.
 *
 * @param id its place
 * @param kind what it is
 * @param sender who caused it
 * @param key the sender's own id for it, by which a repeated append is known; null if it has none
 * @param body the content; empty if it is forgotten or has to be claimed
 * @param at when the store took it, in the store's time
 * @param life how long the body is there, and who gets it
 */
public record LogEntry(
        EntryId id, String kind, Identity sender, @Nullable String key, String body, Instant at, BodyLife life) {

    /** The kind of an entry that says that its sender took a seat. */
    public static final String JOINED = "joined";

    /** The kind of an entry that says that its sender's seat is free again. */
    public static final String LEFT = "left";

    /** The kind of an entry whose body is a message's text. */
    public static final String MESSAGE = "message";

    /** The kind of an entry whose body is a text of the host's. */
    public static final String NOTICE = "notice";

    /** The kind of an entry that says that the room's end was moved. */
    public static final String DEADLINE = "deadline";

    /** The kind of an entry that says who may come in from now on. */
    public static final String ADMISSION = "admission";

    /** The kind of an entry that says that a seat has another role. */
    public static final String ROLE = "role";

    /** The kind of an entry that says that a property was set or removed. */
    public static final String PROPERTY = "property";

    /** The kind of an entry that says that a message's body is gone: it was deleted, or its last claim was taken. */
    public static final String FORGOTTEN = "forgotten";

    /** The kind of an entry that says that its sender has claimed a message's body, which others still can. */
    public static final String CLAIMED = "claimed";

    /** What an entry counts beside its body wherever a log's bytes are counted. */
    public static final int OVERHEAD_BYTES = 256;

    /**
     * Creates an entry whose body all get, and which lives as long as the room.
     *
     * @param id its place
     * @param kind what it is
     * @param sender who caused it
     * @param key the sender's own id for it; null if it has none
     * @param body the content
     * @param at when the store took it
     */
    public LogEntry(EntryId id, String kind, Identity sender, @Nullable String key, String body, Instant at) {
        this(id, kind, sender, key, body, at, BodyLife.OF_THE_ROOM);
    }

    /**
     * Returns this entry as a page or a signal shows it.
     *
     * @param current the life of its body at that moment
     * @return this, or a copy with that life; without the body if it is not shown
     */
    public LogEntry shown(BodyLife current) {
        return current.equals(life) && current.isShown()
                ? this
                : new LogEntry(id, kind, sender, key, current.isShown() ? body : "", at, current);
    }

    /**
     * Computes what the entry counts against the log's limit of text. Walks the body without encoding it.
     *
     * @return the body's length in bytes of UTF-8
     */
    public int size() {
        int size = body.length();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is two chars and four bytes.
                size += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return size;
    }

    /** Returns place and kind; never the body, the sender's name or the key. */
    @Override
    public String toString() {
        return "LogEntry[" + id + ", " + kind + "]";
    }
}
