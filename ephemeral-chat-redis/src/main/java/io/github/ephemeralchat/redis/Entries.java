package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes rooms, members and entries of what the scripts answer. */
final class Entries {

    /** The format of all that is written; another one is refused, never guessed at. */
    static final String FORMAT = "1";

    static final int VALUES_WITHOUT_KEY = 5;

    /** Where the properties begin in what is answered of a room. */
    private static final int PROPERTIES = 12;

    private Entries() {}

    /** What {@code roomFields} in {@code room.lua} answers: twelve texts, then names and values of the properties. */
    static Room room(RoomId id, List<String> fields) {
        Map<String, String> properties = new HashMap<>();
        for (int i = PROPERTIES; i < fields.size(); i += 2) {
            properties.put(fields.get(i), fields.get(i + 1));
        }
        return new Room(
                new RoomIncarnation(id, Long.parseLong(fields.get(0))),
                millis(fields.get(1)),
                millis(fields.get(2)),
                millis(fields.get(3)),
                rules(fields),
                fields.get(6).equals("1"),
                fields.get(7).equals("1"),
                properties);
    }

    private static RoomRules rules(List<String> fields) {
        String messageTtl = fields.get(9);
        return new RoomRules(
                Integer.parseInt(fields.get(4)),
                fields.get(5).equals("1"),
                fields.get(8).equals("1"),
                messageTtl.isEmpty() ? null : Duration.ofMillis(Long.parseLong(messageTtl)),
                fields.get(10).equals("1"),
                fields.get(11).equals("1"));
    }

    /**
     * A member, of what is kept under its identity id: the sequence of its entry, an "r" if it is a reader, a space, its
     * name. Who is the owner the room says.
     *
     * @param profile empty if there is none
     */
    static Member member(String identityId, String seat, String profile, String owner) {
        int space = seat.indexOf(' ');
        boolean reader = seat.charAt(space - 1) == 'r';
        Role role = reader ? Role.READER : Role.MEMBER;
        return new Member(
                new Identity(identityId, seat.substring(space + 1)),
                Long.parseLong(seat, 0, reader ? space - 1 : space, 10),
                identityId.equals(owner) ? Role.OWNER : role,
                profile.isEmpty() ? null : profile);
    }

    static RoomState state(RoomId id, Reply reply) {
        String owner = reply.text(2);
        List<String> fields = reply.texts(3);
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < fields.size(); i += 2) {
            values.put(fields.get(i), fields.get(i + 1));
        }
        List<Member> members = new ArrayList<>();
        values.forEach((field, seat) -> {
            if (field.charAt(0) == 'i') {
                String identityId = field.substring(1);
                members.add(member(identityId, seat, values.getOrDefault("o" + identityId, ""), owner));
            }
        });
        members.sort(Comparator.comparing((Member member) -> !member.owner()).thenComparing(Member::joinedSequence));
        return new RoomState(room(id, reply.texts(0)), id(reply.text(1)), members);
    }

    /** An entry as a stream shows it: its id, then names and values, as {@code log.lua} writes them. */
    static LogEntry entry(List<?> idAndFields) {
        List<String> fields = Reply.texts((List<?>) idAndFields.get(1));
        if (fields.size() < 2 * (VALUES_WITHOUT_KEY + 1) || !fields.get(1).equals(FORMAT)) {
            throw new IncompatibleRoomException();
        }
        List<String> values = IntStream.iterate(3, i -> i < fields.size(), i -> i + 2)
                .mapToObj(fields::get)
                .toList();
        return entry(id((String) idAndFields.get(0)), values);
    }

    /** An entry from its values as streams and signals have them: kind, sender's id and name, time, body, and the key if any. */
    static LogEntry entry(EntryId id, List<String> values) {
        return new LogEntry(
                id,
                values.get(0),
                new Identity(values.get(1), values.get(2)),
                values.size() > VALUES_WITHOUT_KEY ? values.get(VALUES_WITHOUT_KEY) : null,
                values.get(4),
                millis(values.get(3)));
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
