package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Tells of each room's end once. A room may end here more than once: its feed by this node's idea of the store's time, then
 * another feed of a client that was back before the store's time had come. Thread-safe.
 */
final class EndedRooms {

    /** More than end here within the second or two by which such a client may be early. */
    private static final int REMEMBERED = 10_000;

    private final BiConsumer<RoomId, EndReason> listener;
    private final Set<RoomIncarnation> told =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<RoomIncarnation, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            }));

    EndedRooms(BiConsumer<RoomId, EndReason> listener) {
        this.listener = listener;
    }

    /** Tells of an end, unless that was done. Not for a broadcaster's thread. */
    void tell(RoomIncarnation room, EndReason reason) {
        if (told.add(room)) {
            listener.accept(room.id(), reason);
        }
    }
}
