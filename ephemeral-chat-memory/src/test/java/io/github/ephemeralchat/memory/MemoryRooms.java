package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes rooms for the tests of this module. */
final class MemoryRooms {

    private static final Actor HOST = new Actor.Host("Host");

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

    static Appended append(RoomStore store, Room room, TokenHash token, Draft draft) {
        return store.change(room.id(), new Actor.ByToken(token), new RoomChange.Post(draft))
                .orElseThrow();
    }

    static Joined join(RoomStore store, Room room, Identity identity) {
        return store.join(room.id(), JoinRequest.named(identity, token()));
    }

    static Optional<Appended> leave(RoomStore store, Room room, Identity identity) {
        return store.change(room.id(), HOST, new RoomChange.Leave(identity.id()));
    }

    static boolean destroy(RoomStore store, Room room) {
        return store.destroy(room.incarnation(), HOST);
    }

    static boolean createIn(RoomStore store, Room room) {
        return store.create(room, Identity.anonymous(), token());
    }
}
