package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A hint from one node to the others. It may be lost, doubled, late or out of order; nothing correct rests on it. More kinds
 * may come: a node skips those that it does not know.
 */
public sealed interface RoomSignal {

    /** {@return the code of the room that the signal is about} */
    RoomId id();

    /**
     * A room's log has grown.
     *
     * @param room which incarnation of the room
     * @param position the new entry's id
     * @param previous the id of the entry before it; {@link EntryId#START} also if whoever has sent this does not know it
     * @param entry the new entry; null if the broadcaster could not carry it, or the sender does not know its predecessor
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
     * Something that a participant tells the others and that is kept nowhere, such as that it is typing.
     *
     * @param room which incarnation of the room
     * @param node a number of the node that says so, which has done its part
     * @param kind {@link io.github.ephemeralchat.model.RoomEvent.CueSent#TYPING}, or a kind of the host's
     * @param senderId the id of the sender's identity
     * @param body at most 512 characters (code points)
     */
    record Cue(RoomIncarnation room, long node, String kind, String senderId, String body) implements RoomSignal {
        @Override
        public RoomId id() {
            return room.id();
        }

        /** Returns the kind, and nothing that somebody wrote. */
        @Override
        public String toString() {
            return "Cue[" + kind + "]";
        }
    }

    /**
     * All of a room's participants that are connected to one node.
     *
     * @param room which incarnation of the room
     * @param node a number of that node, another one each time that it begins to listen
     * @param participants the ids of their identities; empty if that number counts no more
     */
    record Presence(RoomIncarnation room, long node, Set<String> participants) implements RoomSignal {

        /** Copies the ids. */
        public Presence {
            participants = Set.copyOf(participants);
        }

        @Override
        public RoomId id() {
            return room.id();
        }

        /** Returns how many there are; never an id. */
        @Override
        public String toString() {
            return "Presence[" + participants.size() + "]";
        }
    }

    /**
     * Signals may have been lost, for example because a connection was: who receives this reads the store.
     *
     * @param id the room's code
     */
    record Missed(RoomId id) implements RoomSignal {}
}
