package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes rooms and members of what the scripts answer: fields of the room's hash. */
final class Rooms {

    private static final String PROPERTY = "p:";
    private static final String SEAT = "i:";

    private Rooms() {}

    /** A room, of what {@code roomFields} in {@code room.lua} answers. */
    static Room room(RoomId id, Map<String, String> fields) {
        Map<String, String> properties = new HashMap<>();
        fields.forEach((field, value) -> {
            if (field.startsWith(PROPERTY)) {
                properties.put(field.substring(PROPERTY.length()), value);
            }
        });
        return new Room(
                new RoomIncarnation(id, Long.parseLong(fields.get("incarnation"))),
                millis(fields, "created"),
                millis(fields, "deadline"),
                millis(fields, "latest"),
                Integer.parseInt(fields.get("seats")),
                isSet(fields, "ownerOnly"),
                isSet(fields, "locked"),
                isSet(fields, "proof"),
                properties);
    }

    private static Instant millis(Map<String, String> fields, String name) {
        return EntryCodec.millis(fields.get(name));
    }

    private static boolean isSet(Map<String, String> fields, String name) {
        return "1".equals(fields.get(name));
    }

    /**
     * A member, of what is kept under its identity id: the sequence of its entry, an "r" if it is a reader, a space, its
     * name. Who is the owner the room says.
     */
    static Member member(Map<String, String> room, String identityId, String seat) {
        int space = seat.indexOf(' ');
        boolean reader = seat.charAt(space - 1) == 'r';
        Role role = reader ? Role.READER : Role.MEMBER;
        return new Member(
                new Identity(identityId, seat.substring(space + 1)),
                Long.parseLong(seat, 0, reader ? space - 1 : space, 10),
                identityId.equals(room.get("owner")) ? Role.OWNER : role);
    }

    /** A room with its members: the newest entry's id, the room, fields of seats. */
    static RoomState state(RoomId id, Reply reply) {
        Map<String, String> room = reply.fields(1);
        List<Member> members = new ArrayList<>();
        reply.fields(2).forEach((field, seat) -> members.add(member(room, field.substring(SEAT.length()), seat)));
        members.sort(Comparator.comparing((Member member) -> !member.owner()).thenComparing(Member::joinedSequence));
        return new RoomState(room(id, room), EntryCodec.id(reply.text(0)), members);
    }
}
