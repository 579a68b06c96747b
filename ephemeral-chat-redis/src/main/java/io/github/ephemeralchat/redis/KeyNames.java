package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Setting;
import io.github.ephemeralchat.model.RoomId;

/** What a room's keys and its channel are called. The braces put all of them into one slot of a cluster. */
record KeyNames(String prefix) {

    KeyNames {
        Setting.check(
                prefix.matches("[A-Za-z0-9_.:-]{1,64}"), "keyPrefix", prefix, "1 to 64 characters of [A-Za-z0-9_.:-]");
    }

    /** In the order in which the scripts expect them. Those of bodies only the scripts name. */
    String[] keys(RoomId room) {
        String key = key(room);
        return new String[] {key, key + ":log"};
    }

    String channel(RoomId room) {
        return key(room) + ":sig";
    }

    /** The channel that every node listens to. */
    String channelOfAll() {
        return prefix + ":all";
    }

    /** The wrong room codes of one minute. */
    String wrongCodes(long minute) {
        return prefix + ":wrong-codes:" + minute;
    }

    private String key(RoomId room) {
        return prefix + ":{" + room.value() + "}";
    }
}
