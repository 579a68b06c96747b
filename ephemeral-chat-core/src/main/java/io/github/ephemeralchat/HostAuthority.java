package io.github.ephemeralchat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomSummary;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.TokenHash;
import java.util.Optional;

/** What the host may do in a room beside what {@link Authority} says. */
public final class HostAuthority extends Authority {

    HostAuthority(RoomId room, String name, ServiceTransport transport) {
        super(room, new Actor.Host(name), transport);
    }

    /**
     * Takes a seat for somebody, whatever lock and proof say, though not if all seats are taken. An identity that has one
     * already gets the same one, with another token.
     *
     * @param identity who
     * @return the seat
     * @throws IllegalArgumentException if the identity has the host's id
     * @throws io.github.ephemeralchat.model.RoomFullException if all seats are taken
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     */
    public Membership admit(Identity identity) {
        String token = Secrets.token();
        return transport
                .join(room, JoinRequest.named(identity, TokenHash.of(token)).asAdmitted(), token)
                .membership();
    }

    /**
     * Says how the room is, without anything that somebody wrote.
     *
     * @return numbers and state, or nothing if there is no such room
     */
    public Optional<RoomSummary> describe() {
        return transport
                .open()
                .find(room)
                .map(state -> new RoomSummary(
                        state.room(), state.members().size(), state.head().sequence()));
    }
}
