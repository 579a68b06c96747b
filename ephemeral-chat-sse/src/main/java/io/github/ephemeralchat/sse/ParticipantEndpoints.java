package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes seats and frees them. */
final class ParticipantEndpoints {

    private final EphemeralChatService service;
    private final RateLimiter limiter;
    private final Credentials credentials;

    ParticipantEndpoints(EphemeralChatService service, RateLimiter limiter, Credentials credentials) {
        this.service = service;
        this.limiter = limiter;
        this.credentials = credentials;
    }

    ApiResponse join(ApiRequest request, Route.Match match) {
        RequestBody body = RequestBody.of(request);
        Optional<Identity> known = request.hooks().identity();
        Identity identity = known.orElseGet(body::identity);
        try {
            return limiter.tryingCode(request, () -> seat(request, roomToJoin(match), identity, known.isPresent()));
        } catch (RoomNotFoundException e) {
            throw ProblemException.of(Problem.ROOM_NOT_FOUND);
        }
    }

    private static RoomId roomToJoin(Route.Match match) {
        if (!RoomId.isValid(match.roomCode())) {
            throw new RoomNotFoundException();
        }
        return new RoomId(match.roomCode());
    }

    private ApiResponse seat(ApiRequest request, RoomId room, Identity identity, boolean known) {
        Membership present = present(request, room, known ? identity : null);
        if (present != null) {
            return credentials.membership(request, 200, present, service.now());
        }
        // Two first joins at once of one identity may both get 201; they share one seat all the same.
        boolean again = known && hasSeat(room, identity);
        return credentials.membership(request, again ? 200 : 201, service.join(room, identity), service.now());
    }

    /** The seat that the request's token proves, or null; where the host knows who it is, only that identity's own. */
    private @Nullable Membership present(ApiRequest request, RoomId room, @Nullable Identity known) {
        String token = Credentials.token(request);
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

    ApiResponse leave(ApiRequest request, Route.Match match) {
        Credentials.Caller caller = Credentials.caller(request, match);
        service.leave(caller.room(), caller.token());
        return ApiResponse.Content.empty().with("Set-Cookie", credentials.clearedCookie(request, caller.room()));
    }

    ApiResponse remove(ApiRequest request, Route.Match match) {
        Credentials.Caller caller = Credentials.caller(request, match);
        service.removeParticipant(caller.room(), caller.token(), match.participantId());
        return ApiResponse.Content.empty();
    }
}
