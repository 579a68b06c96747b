package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.github.ephemeralchat.transport.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a request comes from, as far as is known yet: whether it has a seat is judged by the store, in the call that follows. */
sealed interface Caller {

    /** The room that the request is about. */
    RoomId room();

    /** What the caller may do there. */
    Authority in(EphemeralChatService service);

    /** In whose name the store judges what it does. */
    Actor actor();

    /** By what its messages are counted. */
    Object key();

    PostResult post(ChatTransport transport, NewMessage message);

    Subscription subscribe(ChatTransport transport, Cursor start, Runnable wakeUp);

    /**
     * Its seat.
     *
     * @throws NotAParticipantException if it has none
     */
    Seat seat(ChatTransport transport);

    /**
     * Whoever brings a token.
     *
     * @param token the token
     * @param known the seat, if it was looked up to find the token; may have been freed since
     */
    record ByToken(RoomId room, String token, @Nullable Seat known) implements Caller {

        @Override
        public Authority in(EphemeralChatService service) {
            return service.as(room, token);
        }

        @Override
        public Actor actor() {
            return new Actor.ByToken(TokenHash.of(token));
        }

        @Override
        public Object key() {
            return TokenHash.of(token);
        }

        @Override
        public PostResult post(ChatTransport transport, NewMessage message) {
            return transport.post(room, token, message);
        }

        @Override
        public Subscription subscribe(ChatTransport transport, Cursor start, Runnable wakeUp) {
            return transport.subscribe(room, token, start, wakeUp);
        }

        @Override
        public Seat seat(ChatTransport transport) {
            return known != null
                    ? known
                    : transport.authenticate(room, List.of(TokenHash.of(token))).stream()
                            .map(Authenticated::seat)
                            .findFirst()
                            .orElseThrow(NotAParticipantException::new);
        }

        /** Returns nothing that somebody sent. */
        @Override
        public String toString() {
            return "ByToken[...]";
        }
    }

    /**
     * Whoever the host says that this is.
     *
     * @param identityId the id of its identity
     */
    record ByHost(RoomId room, String identityId) implements Caller {

        @Override
        public Authority in(EphemeralChatService service) {
            return service.asParticipant(room, identityId);
        }

        @Override
        public Actor actor() {
            return new Actor.ById(identityId);
        }

        @Override
        public Object key() {
            return this;
        }

        @Override
        public PostResult post(ChatTransport transport, NewMessage message) {
            return transport.postAs(room, identityId, message);
        }

        @Override
        public Subscription subscribe(ChatTransport transport, Cursor start, Runnable wakeUp) {
            return transport.subscribeAs(room, identityId, start, wakeUp);
        }

        @Override
        public Seat seat(ChatTransport transport) {
            return transport
                    .find(room)
                    .flatMap(state -> state.seat(identityId))
                    .orElseThrow(NotAParticipantException::new);
        }

        /** Returns nothing of the id. */
        @Override
        public String toString() {
            return "ByHost[...]";
        }
    }
}
