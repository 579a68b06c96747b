package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.LogLimits;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A node of another version, as far as Redis sees it: our scripts, in another format. */
record OtherVersion(RedisCommands<String, String> redis, String format) {

    private static final KeyNames NAMES = new KeyNames("ec");
    private static final String TOKEN = "f".repeat(64);

    /** Makes a room with one member and one message. */
    void create(Room room) {
        write(
                LuaScript.CREATE,
                room.id(),
                room.incarnation().number(),
                room.expiresAt().toEpochMilli(),
                "p_other",
                "Other",
                TOKEN,
                "",
                "created",
                room.createdAt().toEpochMilli(),
                "latest",
                room.latestExpiresAt().toEpochMilli(),
                "seats",
                room.maxParticipants());
        post(room.id(), "of another version");
    }

    /** Stores a message of its member, and tells the other nodes. */
    void post(RoomId room, String text) {
        write(LuaScript.POST, room, "t:" + TOKEN, "", "message", "=key " + text, text, "");
    }

    private void write(LuaScript script, RoomId room, Object... own) {
        Stream<Object> common = Stream.of(
                Long.MAX_VALUE,
                NAMES.channel(room),
                LogLimits.DEFAULT.maxEntries(),
                LogLimits.DEFAULT.maxTextBytes(),
                7);
        String[] arguments =
                Stream.concat(common, Arrays.stream(own)).map(Object::toString).toArray(String[]::new);
        String text = script.text().replace("local FORMAT = '1'", "local FORMAT = '" + format + "'");
        List<?> answer = redis.eval(text, ScriptOutputType.MULTI, NAMES.keys(room), arguments);
        if (!answer.get(0).equals("ok")) {
            throw new IllegalStateException("the other version was answered " + answer.get(0));
        }
    }
}
