package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes rooms, members and entries of what the scripts answer. */
final class Entries {

    /** The format of all that is written; another one is refused, never guessed at. */
    static final String FORMAT = "1";

    private Entries() {}

    /** The five properties that {@code about} in {@code head.lua} tells. */
    static Room room(RoomId id, List<String> about) {
        return new Room(
                new RoomIncarnation(id, Long.parseLong(about.get(0))),
                millis(about.get(1)),
                millis(about.get(2)),
                Integer.parseInt(about.get(3)),
                about.get(4).equals("1"));
    }

    /** A member, of what is kept under its identity id: the sequence of its entry, a space, its name. */
    static Member member(String identityId, String seat, String owner) {
        int space = seat.indexOf(' ');
        return new Member(
                new Identity(identityId, seat.substring(space + 1)),
                Long.parseLong(seat, 0, space, 10),
                identityId.equals(owner));
    }

    static RoomState state(RoomId id, Reply reply) {
        String owner = reply.text(2);
        List<String> fields = reply.texts(3);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).charAt(0) == 'i') {
                members.add(member(fields.get(i).substring(1), fields.get(i + 1), owner));
            }
        }
        members.sort(Comparator.comparingLong(Member::joinedSequence));
        return new RoomState(room(id, reply.texts(0)), id(reply.text(1)), members);
    }

    /** An entry as a stream shows it: its id, and its fields. */
    static LogEntry entry(List<?> idAndFields) {
        Map<String, String> fields = new HashMap<>();
        List<String> flat = Reply.strings((List<?>) idAndFields.get(1));
        for (int i = 0; i < flat.size(); i += 2) {
            fields.put(flat.get(i), flat.get(i + 1));
        }
        if (!FORMAT.equals(fields.get("v"))) {
            throw new IncompatibleRoomException();
        }
        return new LogEntry(
                id(Reply.string(idAndFields.get(0))),
                present(fields, "kind"),
                new Identity(present(fields, "from"), present(fields, "name")),
                fields.get("key"),
                present(fields, "body"),
                millis(present(fields, "at")));
    }

    private static String present(Map<String, String> fields, String name) {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IncompatibleRoomException();
        }
        return value;
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
