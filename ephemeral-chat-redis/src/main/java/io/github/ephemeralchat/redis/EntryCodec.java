package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.spi.LogEntry;
import java.time.Instant;

/**
 * How an entry is written, in the log and in the signal that tells of it. {@code log.lua} writes the same.
 *
 * <p>Parts have a zero byte between them; only the last one, the text, may hold one. The first part is words: the format,
 * nonce, time in milliseconds, and the bytes of the text; of a body that does not simply live as long as the room three more:
 * when it ends, how many may claim it, why it is forgotten, a hyphen for what is not so. Sender's id, its name, the kind and the sender's own key follow;
 * before the key is an equals sign, and without a key the part is empty.
 */
final class EntryCodec {

    /** The format of all that is written; another one is refused, never guessed at. */
    static final String FORMAT = "1";

    static final char END = '\0';
    private static final int PARTS_BEFORE_TEXT = 5;
    private static final int WORDS = 4;
    private static final String NONE = "-";

    private EntryCodec() {}

    /**
     * Checks a part other than the text.
     *
     * @throws IllegalArgumentException if it holds a zero byte
     */
    static String part(String value) {
        if (value.indexOf(END) >= 0) {
            throw new IllegalArgumentException("kinds and keys hold no zero byte");
        }
        return value;
    }

    /** A key as it is written. */
    static String key(String key) {
        return "=" + part(key);
    }

    static String encode(LogEntry entry) {
        String key = entry.key();
        return String.join(
                String.valueOf(END),
                words(entry.id().nonce(), entry.at().toEpochMilli(), entry.size()) + life(entry.life()),
                entry.sender().id(),
                entry.sender().name(),
                part(entry.kind()),
                key == null ? "" : key(key),
                entry.body());
    }

    /** Nothing for a body that lives as long as the room. */
    private static String life(BodyLife life) {
        if (life.equals(BodyLife.OF_THE_ROOM)) {
            return "";
        }
        Object[] words = {
            life.expiresAt() == null ? NONE : life.expiresAt().toEpochMilli(),
            life.claimsLeft() == null ? NONE : life.claimsLeft(),
            life.forgotten() == null ? NONE : life.forgotten().value()
        };
        return " " + words[0] + " " + words[1] + " " + words[2];
    }

    private static BodyLife life(String[] words) {
        if (words.length == WORDS) {
            return BodyLife.OF_THE_ROOM;
        }
        Instant end = words[WORDS].equals(NONE) ? null : millis(words[WORDS]);
        String claims = words[WORDS + 1];
        String reason = words[WORDS + 2];
        if (!reason.equals(NONE)) {
            return new BodyLife(end, null, Forgotten.of(reason));
        }
        return new BodyLife(end, claims.equals(NONE) ? null : Integer.valueOf(claims), null);
    }

    /** The format and words after it. */
    static String words(Object... words) {
        StringBuilder all = new StringBuilder(FORMAT);
        for (Object word : words) {
            all.append(' ').append(word);
        }
        return all.toString();
    }

    /**
     * Reads an entry.
     *
     * @throws IncompatibleRoomException if it is in a format that is not known, or makes no sense
     */
    static LogEntry entry(long sequence, String entry) {
        return entry(sequence, entry, 0);
    }

    /** Reads an entry whose body was claimed and comes beside it. */
    static LogEntry claimed(long sequence, String entry, String body) {
        LogEntry read = entry(sequence, entry);
        return new LogEntry(read.id(), read.kind(), read.sender(), read.key(), body, read.at(), read.life());
    }

    /** Reads an entry that begins within a string. */
    static LogEntry entry(long sequence, String entry, int from) {
        try {
            String[] parts = new String[PARTS_BEFORE_TEXT];
            int at = from;
            for (int i = 0; i < PARTS_BEFORE_TEXT; i++) {
                int end = entry.indexOf(END, at);
                parts[i] = entry.substring(at, end);
                at = end + 1;
            }
            String[] words = parts[0].split(" ", -1);
            LogEntry read = new LogEntry(
                    new EntryId(sequence, Long.parseLong(words[1])),
                    parts[3],
                    new Identity(parts[1], parts[2]),
                    parts[4].isEmpty() ? null : parts[4].substring(1),
                    entry.substring(at),
                    millis(words[2]),
                    life(words));
            // The length of a body that has to be claimed is that of what is not here.
            int size = read.life().isShown() ? Integer.parseInt(words[3]) : 0;
            if (words[0].equals(FORMAT) && size == read.size()) {
                return read;
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Not one of ours.
        }
        throw new IncompatibleRoomException();
    }

    /** Unlike {@link EntryId#parse} it knows the place before the first entry. */
    static EntryId id(String text) {
        int dash = text.indexOf('-');
        return new EntryId(Long.parseLong(text, 0, dash, 10), Long.parseLong(text, dash + 1, text.length(), 10));
    }

    static Instant millis(String text) {
        return Instant.ofEpochMilli(Long.parseLong(text));
    }
}
