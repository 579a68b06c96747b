package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import org.jspecify.annotations.Nullable;

/** A hint from one node to the others. It may be lost, doubled, late or out of order; nothing correct rests on it. */
public sealed interface RoomSignal {

    /** {@return the code of the room that the signal is about} */
    RoomId id();

    /**
     * A room's log has grown.
     *
     * @param room which incarnation of the room
     * @param position the new entry's id
     * @param previous the id of the entry before it
     * @param entry the new entry; null if the broadcaster could not carry it
     */
    record EntryAppended(
            RoomIncarnation room,
            EntryId position,
            EntryId previous,
            @Nullable LogEntry entry) implements RoomSignal {
        @Override
        public RoomId id() {
            return room.id();
        }
    }

    /**
     * A room was destroyed.
     *
     * @param room which incarnation of the room
     */
    record Destroyed(RoomIncarnation room) implements RoomSignal {
        @Override
        public RoomId id() {
            return room.id();
        }
    }

    /**
     * Signals may have been lost, for example because a connection was: who receives this reads the store.
     *
     * @param id the room's code
     */
    record Missed(RoomId id) implements RoomSignal {}
}
