package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rooms and members as fields of the room's hash. */
final class Rooms {

    private static final String PROPERTY = "p:";
    private static final String SEAT = "i:";
    private static final String PROFILE = "o:";

    private Rooms() {}

    /** What is kept of a new room beside incarnation, deadline and owner. What most rooms do not have takes no place. */
    static Map<String, String> fields(Room room, @Nullable TokenHash proof) {
        RoomRules rules = room.rules();
        Map<String, String> fields = new HashMap<>();
        fields.put("created", Long.toString(room.createdAt().toEpochMilli()));
        fields.put("latest", Long.toString(room.latestExpiresAt().toEpochMilli()));
        fields.put("seats", Integer.toString(rules.maxParticipants()));
        putIf(rules.ownerOnlyDestroy(), fields, "ownerOnly");
        putIf(rules.encrypted(), fields, "encrypted");
        putIf(rules.typing(), fields, "typing");
        putIf(rules.presence(), fields, "presence");
        putIf(room.locked(), fields, "locked");
        if (rules.messageTtl() != null) {
            fields.put("messageTtl", Long.toString(rules.messageTtl().toMillis()));
        }
        if (proof != null) {
            fields.put("proof", proof.hex());
        }
        if (!room.properties().isEmpty()) {
            fields.put("properties", String.join(" ", room.properties().keySet()));
            room.properties().forEach((name, value) -> fields.put(PROPERTY + name, value));
        }
        return fields;
    }

    private static void putIf(boolean flag, Map<String, String> fields, String name) {
        if (flag) {
            fields.put(name, "1");
        }
    }

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
                rules(fields),
                isSet(fields, "locked"),
                isSet(fields, "proof"),
                properties);
    }

    private static RoomRules rules(Map<String, String> fields) {
        String messageTtl = fields.get("messageTtl");
        return new RoomRules(
                Integer.parseInt(fields.get("seats")),
                isSet(fields, "ownerOnly"),
                isSet(fields, "encrypted"),
                messageTtl == null ? null : Duration.ofMillis(Long.parseLong(messageTtl)),
                isSet(fields, "typing"),
                isSet(fields, "presence"));
    }

    private static Instant millis(Map<String, String> fields, String name) {
        return EntryCodec.millis(Objects.requireNonNull(fields.get(name), name));
    }

    private static boolean isSet(Map<String, String> fields, String name) {
        return "1".equals(fields.get(name));
    }

    /**
     * A member, of what is kept under its identity id: the sequence of its entry, an "r" if it is a reader, a space, its
     * name. Who is the owner the room says.
     *
     * @param profile empty if there is none
     */
    static Member member(Map<String, String> room, String identityId, String seat, String profile) {
        int space = seat.indexOf(' ');
        boolean reader = seat.charAt(space - 1) == 'r';
        Role role = reader ? Role.READER : Role.MEMBER;
        return new Member(
                new Identity(identityId, seat.substring(space + 1)),
                Long.parseLong(seat, 0, reader ? space - 1 : space, 10),
                identityId.equals(room.get("owner")) ? Role.OWNER : role,
                profile.isEmpty() ? null : profile);
    }

    /** A room with its members: the newest entry's id, the room, fields of seats. */
    static RoomState state(RoomId id, Reply reply) {
        Map<String, String> room = reply.fields(1);
        Map<String, String> seats = reply.fields(2);
        List<Member> members = new ArrayList<>();
        seats.forEach((field, seat) -> {
            if (field.startsWith(SEAT)) {
                String identityId = field.substring(SEAT.length());
                members.add(member(room, identityId, seat, seats.getOrDefault(PROFILE + identityId, "")));
            }
        });
        members.sort(Comparator.comparing((Member member) -> !member.owner()).thenComparing(Member::joinedSequence));
        return new RoomState(room(id, room), EntryCodec.id(reply.text(0)), members);
    }
}
