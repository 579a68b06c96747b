package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Another node's store over the same rooms, for the faulty ones to differ from. */
class OtherNode implements RoomStore {

    private final RoomStore rooms;

    OtherNode(RoomStore rooms) {
        this.rooms = rooms;
    }

    @Override
    public Instant now() {
        return rooms.now();
    }

    @Override
    public boolean create(Room room, JoinRequest owner) {
        return rooms.create(room, owner);
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return rooms.find(id);
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        return rooms.authenticate(id, candidates);
    }

    @Override
    public Joined join(RoomId id, JoinRequest request) {
        return rooms.join(id, request);
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        return rooms.change(id, actor, change);
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
        return rooms.readAfter(room, after, limit);
    }

    @Override
    public boolean destroy(RoomIncarnation room, Actor actor) {
        return rooms.destroy(room, actor);
    }
}
