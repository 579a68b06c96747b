package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A store whose rooms end sooner than was asked for: a minute is long for a test. */
record ShortLivedRooms(RoomStore store, Duration ttl) implements RoomStore {

    @Override
    public boolean create(Room room, Identity owner, TokenHash token) {
        Instant end = room.createdAt().plus(ttl);
        return store.create(
                new Room(room.incarnation(), room.createdAt(), end, room.maxParticipants(), room.ownerOnlyDestroy()),
                owner,
                token);
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return store.find(id);
    }

    @Override
    public Optional<Seat> authenticate(RoomId id, TokenHash token) {
        return store.authenticate(id, token);
    }

    @Override
    public Joined join(RoomId id, Identity identity, TokenHash token) {
        return store.join(id, identity, token);
    }

    @Override
    public Optional<Appended> leave(RoomIncarnation room, String identityId) {
        return store.leave(room, identityId);
    }

    @Override
    public Appended append(RoomId id, TokenHash token, Draft draft) {
        return store.append(id, token, draft);
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
        return store.readAfter(room, after, limit);
    }

    @Override
    public boolean destroy(RoomIncarnation room) {
        return store.destroy(room);
    }
}
