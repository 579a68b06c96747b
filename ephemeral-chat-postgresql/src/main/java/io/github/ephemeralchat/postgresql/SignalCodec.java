package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomSignal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A signal as a line of words with a tab between, which neither ids nor codes hold. The first word says what it is:
 * {@code E} room, incarnation, position and previous position; {@code D} room and incarnation; {@code C} room, incarnation,
 * node, kind, sender's id and, in base64, the body of a cue; {@code P} room, incarnation, node and the participants' ids;
 * {@code M} and a room; {@code R}, a node and an identity's id, to all nodes; {@code L}: signals were lost, whichever; {@code H}: a node
 * is there, which says nothing to others; {@code F} and a node: it has sent what follows.
 */
final class SignalCodec {

    static final String LOST = "L";
    static final String HERE = "H";

    static final String FROM = "F";
    private static final String APPENDED = "E";
    private static final String DESTROYED = "D";
    private static final String CUE = "C";
    private static final String PRESENCE = "P";
    private static final String MISSED = "M";
    private static final String REVOKED = "R";
    private static final String BETWEEN = "\t";

    private SignalCodec() {}

    static String encode(RoomSignal signal) {
        String room = signal.id().value();
        if (signal instanceof RoomSignal.EntryAppended appended) {
            return line(APPENDED, room, appended.room().number(), appended.position(), appended.previous());
        }
        if (signal instanceof RoomSignal.Cue cue) {
            // A cue may hold a zero byte, which a notification cannot, or a tab.
            String body = Base64.getEncoder().encodeToString(cue.body().getBytes(StandardCharsets.UTF_8));
            return line(CUE, room, cue.room().number(), cue.node(), cue.kind(), cue.senderId(), body);
        }
        if (signal instanceof RoomSignal.Presence word) {
            List<Object> words =
                    new ArrayList<>(List.of(PRESENCE, room, word.room().number(), word.node()));
            words.addAll(word.participants());
            return line(words.toArray());
        }
        return signal instanceof RoomSignal.Destroyed destroyed
                ? line(DESTROYED, room, destroyed.room().number())
                : line(MISSED, room);
    }

    static String encode(NodeSignal signal) {
        NodeSignal.Revoked revoked = (NodeSignal.Revoked) signal;
        return line(REVOKED, revoked.node(), revoked.identityId());
    }

    static String from(long node) {
        return line(FROM, node);
    }

    private static String line(Object... words) {
        return String.join(BETWEEN, Stream.of(words).map(Object::toString).toList());
    }

    /** What a line says: one of the two, or neither if it is of a kind that this version does not know. */
    record Signal(@Nullable RoomSignal ofRoom, @Nullable NodeSignal ofNode) {}

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it makes no sense
     */
    static Signal decode(String line) {
        String[] words = line.split(BETWEEN, -1);
        try {
            if (words[0].equals(REVOKED)) {
                return new Signal(null, new NodeSignal.Revoked(words[2], Long.parseLong(words[1])));
            }
            return new Signal(decodeOfRoom(words), null);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a signal lacks a part", e);
        }
    }

    private static @Nullable RoomSignal decodeOfRoom(String[] words) {
        return switch (words[0]) {
            case APPENDED -> new RoomSignal.EntryAppended(room(words), id(words[3]), id(words[4]), null);
            case DESTROYED -> new RoomSignal.Destroyed(room(words));
            case CUE -> new RoomSignal.Cue(room(words), Long.parseLong(words[3]), words[4], words[5], body(words[6]));
            case PRESENCE -> new RoomSignal.Presence(room(words), Long.parseLong(words[3]), from(words, 4));
            case MISSED -> new RoomSignal.Missed(new RoomId(words[1]));
            default -> null;
        };
    }

    private static RoomIncarnation room(String[] words) {
        return new RoomIncarnation(new RoomId(words[1]), Long.parseLong(words[2]));
    }

    private static EntryId id(String word) {
        int between = word.indexOf('-');
        return new EntryId(Long.parseLong(word, 0, between, 10), Long.parseLong(word, between + 1, word.length(), 10));
    }

    private static String body(String word) {
        return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
    }

    private static Set<String> from(String[] words, int first) {
        return Set.copyOf(List.of(words).subList(first, words.length));
    }
}
