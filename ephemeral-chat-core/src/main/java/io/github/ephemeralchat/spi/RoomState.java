package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import java.util.List;
import java.util.Optional;

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

    /**
     * Finds a seat.
     *
     * @param identityId the id of an identity
     * @return its seat, or nothing if it has none
     */
    public Optional<Seat> seat(String identityId) {
        return members.stream()
                .filter(member -> member.identity().id().equals(identityId))
                .map(member -> new Seat(room, head, member))
                .findFirst();
    }
}
