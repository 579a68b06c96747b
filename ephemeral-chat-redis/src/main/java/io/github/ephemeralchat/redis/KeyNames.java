package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.RoomId;
import org.jspecify.annotations.Nullable;

/** What a room's keys and its channel are called. The braces put all of them into one slot of a cluster. */
record KeyNames(String prefix) {

    private static final String SIGNALS = ":sig";

    KeyNames {
        if (!prefix.matches("[A-Za-z0-9_.:-]{1,64}")) {
            throw new IllegalArgumentException("a key prefix has 1 to 64 characters of [A-Za-z0-9_.:-]");
        }
    }

    /** In the order in which the scripts expect them. */
    String[] keys(RoomId room) {
        String key = key(room);
        return new String[] {key, key + ":log", key + ":members", key + ":ids"};
    }

    String channel(RoomId room) {
        return key(room) + SIGNALS;
    }

    /** The room that a channel belongs to, or null where it is not one of ours. */
    @Nullable
    RoomId room(String channel) {
        int from = prefix.length() + 2;
        int to = channel.length() - SIGNALS.length() - 1;
        String code = to > from ? channel.substring(from, to) : "";
        if (!RoomId.isValid(code)) {
            return null;
        }
        RoomId room = new RoomId(code);
        return channel(room).equals(channel) ? room : null;
    }

    private String key(RoomId room) {
        return prefix + ":{" + room.value() + "}";
    }
}
