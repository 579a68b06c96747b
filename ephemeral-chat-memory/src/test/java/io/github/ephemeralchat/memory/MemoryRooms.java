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
        return room(RoomId.random(), store.now(), life, seats);
    }

    static Room room(RoomId id, Instant now, Duration life, int seats) {
        RoomIncarnation incarnation =
                new RoomIncarnation(id, ThreadLocalRandom.current().nextLong());
        return new Room(incarnation, now, now.plus(life), seats, false);
    }

    static TokenHash token() {
        return TokenHash.of(UUID.randomUUID().toString());
    }

    static boolean createIn(RoomStore store, Room room) {
        return store.create(room, Identity.anonymous(), token());
    }
}
