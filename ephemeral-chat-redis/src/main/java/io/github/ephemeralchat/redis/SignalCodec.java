package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomSignal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a room's signals are sent: a part of words, the format first, and parts after it as {@link EntryCodec} has them. The
 * words say {@code E}, incarnation, position and previous position, before an entry; or {@code D} and the incarnation; or
 * {@code C}, incarnation and node, before a cue's kind, sender's id and body; or {@code P}, incarnation and node, before the
 * participants' ids; or {@code M}. {@code log.lua} writes the first two.
 */
final class SignalCodec {

    private static final String APPENDED = "E";
    private static final String DESTROYED = "D";
    private static final String CUE = "C";
    private static final String PRESENCE = "P";
    private static final String MISSED = "M";

    private static final Set<String> KNOWN = Set.of(APPENDED, DESTROYED, CUE, PRESENCE, MISSED);
    private static final String END = String.valueOf(EntryCodec.END);

    private SignalCodec() {}

    static String encode(RoomSignal signal) {
        if (signal instanceof RoomSignal.EntryAppended appended) {
            LogEntry entry = appended.entry();
            String head =
                    EntryCodec.words(APPENDED, appended.room().number(), appended.position(), appended.previous());
            return entry == null ? head : head + END + EntryCodec.encode(entry);
        }
        if (signal instanceof RoomSignal.Cue cue) {
            String head = EntryCodec.words(CUE, cue.room().number(), cue.node());
            return String.join(END, head, EntryCodec.part(cue.kind()), cue.senderId(), cue.body());
        }
        if (signal instanceof RoomSignal.Presence word) {
            String head = EntryCodec.words(PRESENCE, word.room().number(), word.node());
            return word.participants().isEmpty() ? head : head + END + String.join(END, word.participants());
        }
        return signal instanceof RoomSignal.Destroyed destroyed
                ? EntryCodec.words(DESTROYED, destroyed.room().number())
                : EntryCodec.words(MISSED);
    }

    /**
     * Reads a signal.
     *
     * @return the signal; null for a kind that this version does not know, which is skipped; {@link RoomSignal.Missed} for a
     *     format that is not known, or what makes no sense: then the store is asked
     */
    static @Nullable RoomSignal decode(RoomId id, byte[] bytes) {
        String signal = new String(bytes, StandardCharsets.UTF_8);
        int end = signal.indexOf(END);
        String[] words = (end < 0 ? signal : signal.substring(0, end)).split(" ", -1);
        if (words.length < 2 || words[1].isEmpty() || !words[0].equals(EntryCodec.FORMAT)) {
            return new RoomSignal.Missed(id);
        }
        if (!KNOWN.contains(words[1])) {
            return null;
        }
        try {
            return decode(id, words, signal, end);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | IncompatibleRoomException e) {
            return new RoomSignal.Missed(id); // As if it had not come.
        }
    }

    private static RoomSignal decode(RoomId id, String[] words, String signal, int end) {
        if (words[1].equals(MISSED)) {
            return new RoomSignal.Missed(id);
        }
        RoomIncarnation room = new RoomIncarnation(id, Long.parseLong(words[2]));
        return switch (words[1]) {
            case DESTROYED -> new RoomSignal.Destroyed(room);
            case CUE -> cue(room, Long.parseLong(words[3]), signal.split(END, 4));
            case PRESENCE -> new RoomSignal.Presence(room, Long.parseLong(words[3]), participants(signal, end));
            default -> appended(room, words, signal, end);
        };
    }

    private static RoomSignal appended(RoomIncarnation room, String[] words, String signal, int end) {
        EntryId position = EntryCodec.id(words[3]);
        LogEntry entry = end < 0 ? null : EntryCodec.entry(position.sequence(), signal, end + 1);
        return new RoomSignal.EntryAppended(room, position, EntryCodec.id(words[4]), entry);
    }

    private static RoomSignal cue(RoomIncarnation room, long node, String[] parts) {
        return new RoomSignal.Cue(room, node, parts[1], parts[2], parts[3]);
    }

    private static Set<String> participants(String signal, int end) {
        List<String> ids =
                end < 0 ? List.of() : Arrays.asList(signal.substring(end + 1).split(END, -1));
        return Set.copyOf(ids);
    }
}
