package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The script for a change other than a post, with what it takes beside the actor.
 *
 * @param script the script
 * @param arguments its arguments after the actor's
 */
record ChangeCommand(LuaScript script, List<Object> arguments) {

    private static final String KEEP = "keep";

    static ChangeCommand of(RoomChange change) {
        if (change instanceof RoomChange.Leave leave) {
            return new ChangeCommand(LuaScript.LEAVE, List.of(orEmpty(leave.identityId())));
        }
        if (change instanceof RoomChange.Deadline deadline) {
            return new ChangeCommand(
                    LuaScript.DEADLINE,
                    List.of(deadline.expiresAt().toEpochMilli(), RoomChange.Deadline.MIN_LEFT.toMillis()));
        }
        if (change instanceof RoomChange.Admission admission) {
            List<Object> arguments = List.of(lock(admission.locked()), proof(admission.proof()));
            return new ChangeCommand(LuaScript.ADMISSION, arguments);
        }
        if (change instanceof RoomChange.Assign assign) {
            List<Object> arguments = List.of(assign.identityId(), assign.role().value());
            return new ChangeCommand(LuaScript.ASSIGN, arguments);
        }
        if (change instanceof RoomChange.Property property) {
            return new ChangeCommand(LuaScript.PROPERTY, property(property));
        }
        throw new IllegalArgumentException("a post has a script of its own");
    }

    private static String lock(@Nullable Boolean locked) {
        return locked == null ? KEEP : flag(locked);
    }

    private static String proof(ProofChange change) {
        if (change instanceof ProofChange.Replace replace) {
            return replace.proof().hex();
        }
        return change instanceof ProofChange.Keep ? KEEP : "";
    }

    /** Only a value that is set is sent. */
    private static List<Object> property(RoomChange.Property property) {
        Stream<Object> common = Stream.of(property.name(), Room.MAX_PROPERTIES, Room.MAX_PROPERTY_BYTES);
        return Stream.concat(common, Stream.ofNullable(property.value())).toList();
    }

    /** In whose name: the field of the room's hash that says who, or {@code host}; and the host's name. */
    static List<Object> actor(Actor actor) {
        if (actor instanceof Actor.ByToken by) {
            return List.of("t:" + by.token().hex(), "");
        }
        return actor instanceof Actor.ById by
                ? List.of("i:" + by.identityId(), "")
                : List.of("host", ((Actor.Host) actor).name());
    }

    static String flag(boolean value) {
        return value ? "1" : "0";
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
