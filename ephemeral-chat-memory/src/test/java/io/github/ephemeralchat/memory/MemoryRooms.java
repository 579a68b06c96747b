package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes rooms for the tests of this module. */
final class MemoryRooms {

    private MemoryRooms() {}

    static Room room(RoomStore store, Duration life, int seats) {
        return room(store, RoomId.random(), life, seats);
    }

    private static Room room(RoomStore store, RoomId id, Duration life, int seats) {
        Instant now = store.now();
        RoomIncarnation key =
                new RoomIncarnation(id, ThreadLocalRandom.current().nextLong());
        return new Room(key, now, now.plus(life), seats, false);
    }

    static TokenHash token() {
        return TokenHash.of(UUID.randomUUID().toString());
    }

    static void takeCode(RoomStore store, RoomId id) {
        createIn(store, room(store, id, Duration.ofMinutes(1), 2));
    }

    static boolean createIn(RoomStore store, Room room) {
        return store.create(room, Identity.anonymous(), token());
    }
}
