package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.AddressBudget.Written;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Creates, shows and destroys rooms, takes seats in them and frees them. */
final class RoomEndpoints {

    /** About what a new room takes beside its messages, and what another seat does. */
    private static final int ROOM_BYTES = 4 << 10;

    private static final int SEAT_BYTES = 1 << 10;

    private static final int USUAL_MINUTES = (int) RoomOptions.defaults().ttl().toMinutes();
    private static final int USUAL_PARTICIPANTS = RoomOptions.defaults().maxParticipants();

    private final EphemeralChatService service;
    private final ChatHttpSettings settings;
    private final RateLimiter limiter;
    private final Credentials credentials;

    RoomEndpoints(
            EphemeralChatService service, ChatHttpSettings settings, RateLimiter limiter, Credentials credentials) {
        this.service = service;
        this.settings = settings;
        this.limiter = limiter;
        this.credentials = credentials;
    }

    ApiResponse create(ApiRequest request) {
        if (!request.hooks().mayCreate()) {
            throw new ProblemException(Problem.FORBIDDEN);
        }
        limiter.newRoom(request);
        RequestBody body = RequestBody.of(request);
        Identity creator = request.hooks().identity().orElseGet(body::identity);
        RoomOptions options = options(body);
        Membership membership =
                limiter.writing(request, ROOM_BYTES, () -> service.createRoom(options, creator), this::written);
        return credentials
                .membership(request, 201, membership, service.now())
                .with(Map.of(
                        "Location",
                        credentials.roomUrl(request, membership.room().id())));
    }

    private Written written(Membership membership) {
        Room room = membership.room();
        return new Written(room.id(), Duration.between(service.now(), room.expiresAt()), true, Long.MAX_VALUE);
    }

    /**
     * What a creator asks for, or the usual as near as the host allows.
     *
     * @throws ProblemException if it is out of the host's bounds
     */
    private RoomOptions options(RequestBody body) {
        int min = (int) settings.minTtl.toMinutes();
        int max = (int) settings.maxTtl.toMinutes();
        int minutes = body.integer("ttlMinutes", min, max, Math.max(min, Math.min(USUAL_MINUTES, max)));
        int seats = settings.maxParticipants;
        int participants = body.integer(
                "maxParticipants", RoomOptions.MIN_PARTICIPANTS, seats, Math.min(USUAL_PARTICIPANTS, seats));
        boolean ownerOnly = body.flag("ownerOnlyDestroy", false) || settings.ownerOnlyDestroy;
        return new RoomOptions(Duration.ofMinutes(minutes), participants, ownerOnly);
    }

    ApiResponse show(Credentials.Caller caller) {
        Membership me = service.authenticate(caller.room(), caller.token()).orElseThrow(NotAParticipantException::new);
        return ApiResponse.json(
                200, JsonCodec.bytes(JsonCodec.room(me, service.participants(caller.room()), service.now())));
    }

    ApiResponse destroy(ApiRequest request, Credentials.Caller caller) {
        service.destroyRoom(caller.room(), caller.token());
        limiter.destroyed(request, caller.room());
        return credentials.cleared(request, caller.room());
    }

    ApiResponse join(ApiRequest request, String roomCode) {
        RequestBody body = RequestBody.of(request);
        Optional<Identity> known = request.hooks().identity();
        Identity identity = known.orElseGet(body::identity);
        try {
            return limiter.tryingCode(request, () -> {
                if (!RoomId.isValid(roomCode)) {
                    throw new RoomNotFoundException();
                }
                return seat(request, new RoomId(roomCode), identity, known);
            });
        } catch (RoomNotFoundException e) {
            throw new ProblemException(Problem.ROOM_NOT_FOUND);
        }
    }

    /** The seat that the request proves, or else a new one; if the host knows who it is, only that identity's. */
    private ApiResponse seat(ApiRequest request, RoomId room, Identity identity, Optional<Identity> known) {
        Optional<Membership> present = credentials.seatOfJoin(request, room, known);
        // Two first joins at once of one identity may both get 201; they share one seat all the same.
        boolean again = present.isPresent() || (known.isPresent() && hasSeat(room, identity));
        Membership membership = present.orElseGet(
                () -> limiter.writing(request, SEAT_BYTES, () -> service.join(room, identity), this::written));
        return credentials.membership(request, again ? 200 : 201, membership, service.now());
    }

    private boolean hasSeat(RoomId room, Identity identity) {
        return service.participants(room).stream()
                .anyMatch(participant -> participant.identity().id().equals(identity.id()));
    }

    ApiResponse leave(ApiRequest request, Credentials.Caller caller) {
        service.leave(caller.room(), caller.token());
        return credentials.cleared(request, caller.room());
    }

    ApiResponse remove(Credentials.Caller caller, String participantId) {
        service.removeParticipant(caller.room(), caller.token(), participantId);
        return ApiResponse.empty();
    }
}
