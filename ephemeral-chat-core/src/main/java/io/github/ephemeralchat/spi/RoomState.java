package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import java.util.List;

/**
 * What a store knows of a living room at one moment.
 *
 * @param room the room, with its present values
 * @param head the id of the log's newest entry
 * @param members who has a seat, the owner first, then in the order of joining
 */
public record RoomState(Room room, EntryId head, List<Member> members) {

    /** Copies the list. */
    public RoomState {
        members = List.copyOf(members);
    }
}
