package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.transport.ChatTransport;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How clients name participants, and whom they mean. Thread-safe. */
final class Participants {

    private static final int MAX_KNOWN = 10_000;

    private final ChatTransport transport;
    private final boolean showsIds;

    /**
     * Of rooms in which clients have named participants, since to read a room for each request would cost more than the
     * request. Who is meant under an earlier incarnation has the same identity, and the store judges whether that has a seat.
     */
    private final ConcurrentMap<RoomId, RoomIncarnation> incarnations = new ConcurrentHashMap<>();

    Participants(ChatTransport transport, ChatHttpSettings settings) {
        this.transport = transport;
        this.showsIds = settings.showIdentityIds;
    }

    /** The ids under which clients of a room know its participants. */
    WireIds ids(RoomIncarnation room) {
        return showsIds ? WireIds.SHOWN : WireIds.hiddenIn(room);
    }

    /** What clients of a room read. */
    RoomJson json(RoomIncarnation room) {
        return new RoomJson(ids(room));
    }

    /** The id of the identity that a client means; if it means none, an id that nobody has. */
    String identityId(RoomId room, String wireId) {
        if (showsIds || Identity.isLibraryId(wireId)) {
            return wireId;
        }
        return transport
                .find(room)
                .flatMap(state -> identityId(state, wireId))
                .orElseGet(() -> Identity.anonymous().id());
    }

    private Optional<String> identityId(RoomState state, String wireId) {
        WireIds ids = ids(state.room().incarnation());
        return state.members().stream()
                .map(Member::identity)
                .map(Identity::id)
                .filter(id -> ids.of(id).equals(wireId))
                .findFirst();
    }

    /** Whether a client that names a participant means an identity, as far as that identity has a seat. */
    boolean means(RoomId room, String wireId, String identityId) {
        if (showsIds || WireIds.isPlain(identityId)) {
            return wireId.equals(identityId);
        }
        RoomIncarnation known = incarnations.get(room);
        return (known != null && isCodeOf(identityId, known, wireId))
                || transport
                        .find(room)
                        .map(state -> known(state.room().incarnation()))
                        .filter(present -> isCodeOf(identityId, present, wireId))
                        .isPresent();
    }

    private boolean isCodeOf(String identityId, RoomIncarnation room, String wireId) {
        return ids(room).of(identityId).equals(wireId);
    }

    private RoomIncarnation known(RoomIncarnation room) {
        if (incarnations.size() >= MAX_KNOWN) {
            incarnations.clear();
        }
        incarnations.put(room.id(), room);
        return room;
    }
}
