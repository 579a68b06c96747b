package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.Identity;
import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.RoomId;
import io.github.ephemeralchat.RoomNotFoundException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes seats and frees them. */
final class SeatCalls {

    private final EphemeralChatService service;
    private final RateLimiter limiter;
    private final Credentials credentials;

    SeatCalls(EphemeralChatService service, RateLimiter limiter, Credentials credentials) {
        this.service = service;
        this.limiter = limiter;
        this.credentials = credentials;
    }

    Answer join(Call call, Route.Match match) {
        RequestBody body = RequestBody.of(call);
        Optional<Identity> known = call.identity().get();
        Identity identity = known.orElseGet(() -> Names.chosen(body));
        try {
            return limiter.tryingCode(call, () -> seat(call, roomToJoin(match), identity, known.isPresent()));
        } catch (RoomNotFoundException e) {
            throw Refusal.of(Problem.ROOM_NOT_FOUND);
        }
    }

    private static RoomId roomToJoin(Route.Match match) {
        if (!RoomId.isValid(match.roomCode())) {
            throw new RoomNotFoundException();
        }
        return new RoomId(match.roomCode());
    }

    private Answer seat(Call call, RoomId room, Identity identity, boolean known) {
        Membership present = present(call, room, known ? identity : null);
        if (present != null) {
            return credentials.membership(call, 200, present, service.now());
        }
        // Two first joins at once of somebody whom the host knows may both be told 201; they share one seat all the
        // same.
        boolean again = known && hasSeat(room, identity);
        return credentials.membership(call, again ? 200 : 201, service.join(room, identity), service.now());
    }

    /** The seat that the call's token proves, or null; where the host knows who it is, only that identity's own. */
    private @Nullable Membership present(Call call, RoomId room, @Nullable Identity known) {
        String token = Credentials.token(call);
        return token == null
                ? null
                : service.authenticate(room, token)
                        .filter(seat -> known == null || seat.identity().id().equals(known.id()))
                        .orElse(null);
    }

    private boolean hasSeat(RoomId room, Identity identity) {
        return service.participants(room).stream()
                .anyMatch(participant -> participant.identity().id().equals(identity.id()));
    }

    Answer leave(Call call, Route.Match match) {
        String token = Credentials.require(call);
        RoomId room = Credentials.roomOfToken(match);
        service.leave(room, token);
        return Answer.Content.empty().with("Set-Cookie", credentials.clearedCookie(call, room));
    }

    Answer remove(Call call, Route.Match match) {
        String token = Credentials.require(call);
        service.removeParticipant(Credentials.roomOfToken(match), token, match.participantId());
        return Answer.Content.empty();
    }
}
