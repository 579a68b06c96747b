package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.sse.AddressBudget.Written;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.SeatTaken;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates, shows and destroys rooms, takes seats in them and frees them. */
final class RoomEndpoints {

    /** About what a new room takes beside its messages, and what another seat does. */
    private static final int ROOM_BYTES = 4 << 10;

    private static final int SEAT_BYTES = 1 << 10;

    private static final int USUAL_MINUTES = (int) RoomOptions.defaults().ttl().toMinutes();
    private static final int USUAL_PARTICIPANTS = RoomOptions.defaults().rules().maxParticipants();

    private static final Set<String> ROOM_FIELDS =
            Set.of("ttlMinutes", "maxParticipants", "name", "ownerOnlyDestroy", "token", "proof", "properties");
    private static final Set<String> SEAT_FIELDS = Set.of("name", "proof", "token");

    private final EphemeralChatService service;
    private final ChatTransport transport;
    private final ChatHttpSettings settings;
    private final RateLimiter limiter;
    private final Credentials credentials;

    RoomEndpoints(
            EphemeralChatService service, ChatHttpSettings settings, RateLimiter limiter, Credentials credentials) {
        this.service = service;
        this.transport = service.transport();
        this.settings = settings;
        this.limiter = limiter;
        this.credentials = credentials;
    }

    ApiResponse create(ApiRequest request) {
        if (!request.hooks().mayCreate()) {
            throw new ProblemException(Problem.FORBIDDEN);
        }
        limiter.newRoom(request);
        RequestBody body = RequestBody.of(request, ROOM_FIELDS);
        Identity creator = request.hooks().identity().orElseGet(body::identity);
        RoomOptions options = options(body);
        String own = body.token();
        String token = own == null ? Credentials.newToken() : own;
        SeatTaken seat = limiter.writing(
                request,
                ROOM_BYTES,
                () -> new SeatTaken(transport.create(options, creator, null, token), true, 1),
                this::written);
        return credentials
                .membership(request, seat, service.now(), own == null)
                .with(Map.of(
                        "Location",
                        credentials.roomUrl(request, seat.membership().room().id())));
    }

    private Written written(SeatTaken seat) {
        Room room = seat.membership().room();
        Duration left = Duration.between(service.now(), room.expiresAt());
        return new Written(room.id(), left, seat.isNew(), Long.MAX_VALUE);
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
        RoomRules rules = RoomRules.plain(participants, ownerOnly);
        return new RoomOptions(Duration.ofMinutes(minutes), rules, body.proof(), body.properties());
    }

    ApiResponse show(Credentials.Caller caller) {
        Identity me = service.authenticate(caller.room(), caller.token())
                .orElseThrow(NotAParticipantException::new)
                .identity();
        RoomState state = transport.find(caller.room()).orElseThrow(NotAParticipantException::new);
        return ApiResponse.json(200, JsonCodec.bytes(JsonCodec.room(state, service.now(), me)));
    }

    ApiResponse destroy(ApiRequest request, Credentials.Caller caller) {
        if (!service.as(caller.room(), caller.token()).destroy()) {
            throw new NotAParticipantException(); // It has ended: its tokens are nobody's.
        }
        limiter.destroyed(request, caller.room());
        return credentials.cleared(request, caller.room());
    }

    ApiResponse join(ApiRequest request, String roomCode) {
        RequestBody body = RequestBody.of(request, SEAT_FIELDS);
        Optional<Identity> known = request.hooks().identity();
        Identity identity = known.orElseGet(body::identity);
        String own = body.token();
        String proof = body.proof();
        try {
            return limiter.tryingCode(request, () -> {
                if (!RoomId.isValid(roomCode)) {
                    throw new RoomNotFoundException();
                }
                RoomId room = new RoomId(roomCode);
                Optional<SeatTaken> present =
                        own == null ? credentials.seatOfJoin(request, room, known) : Optional.empty();
                SeatTaken seat =
                        present.orElseGet(() -> takeSeat(request, room, identity, known.isPresent(), own, proof));
                return credentials.membership(request, seat, service.now(), own == null);
            });
        } catch (RoomNotFoundException e) {
            throw new ProblemException(Problem.ROOM_NOT_FOUND);
        }
    }

    /** A new seat, or the one that the token or the named identity has already. */
    private SeatTaken takeSeat(
            ApiRequest request,
            RoomId room,
            Identity identity,
            boolean named,
            @Nullable String own,
            @Nullable String proof) {
        String token = own == null ? Credentials.newToken() : own;
        TokenHash hash = TokenHash.of(token);
        JoinRequest joining = (named ? JoinRequest.named(identity, hash) : JoinRequest.anonymous(identity, hash))
                .withProof(proof == null ? null : TokenHash.of(proof));
        return limiter.writing(request, SEAT_BYTES, () -> transport.join(room, joining, token), this::written);
    }

    ApiResponse leave(ApiRequest request, Credentials.Caller caller) {
        service.as(caller.room(), caller.token()).leave();
        return credentials.cleared(request, caller.room());
    }

    ApiResponse remove(Credentials.Caller caller, String participantId) {
        service.as(caller.room(), caller.token()).remove(participantId);
        return ApiResponse.empty();
    }
}
