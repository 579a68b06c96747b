package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.WrongProofException;
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

    private static final Set<String> SEAT_FIELDS = Set.of("name", "proof", "profile", "token");

    private final EphemeralChatService service;
    private final ChatTransport transport;
    private final ChatHttpSettings settings;
    private final RateLimiter limiter;
    private final Credentials credentials;
    private final Participants participants;

    RoomEndpoints(
            EphemeralChatService service,
            ChatHttpSettings settings,
            RateLimiter limiter,
            Credentials credentials,
            Participants participants) {
        this.service = service;
        this.transport = service.transport();
        this.settings = settings;
        this.limiter = limiter;
        this.credentials = credentials;
        this.participants = participants;
    }

    ApiResponse create(ApiRequest request) {
        if (!request.hooks().mayCreate()) {
            throw new ProblemException(Problem.FORBIDDEN);
        }
        limiter.newRoom(request);
        RequestBody body = RequestBody.of(request, NewRoom.FIELDS);
        NewRoom asked = NewRoom.read(body, settings);
        boolean encrypted = asked.options().rules().encrypted();
        Identity creator =
                request.hooks().identity().orElseGet(() -> encrypted ? Identity.anonymous() : body.identity());
        String own = body.token();
        String token = own == null ? Credentials.newToken() : own;
        long bytes = ROOM_BYTES
                + bytes(asked.profile())
                + Room.propertyBytes(asked.options().properties());
        SeatTaken seat = limiter.writing(
                request,
                bytes,
                () -> new SeatTaken(transport.create(asked.options(), creator, asked.profile(), token), true, 1),
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

    private static long bytes(@Nullable String profile) {
        return profile == null ? 0 : 2L * profile.length();
    }

    ApiResponse show(Caller caller) {
        Identity me = caller.seat(transport).member().identity();
        RoomState state = transport.find(caller.room()).orElseThrow(NotAParticipantException::new);
        RoomJson json = participants.json(state.room().incarnation());
        Set<String> present = transport.present(state.room().incarnation()).orElse(null);
        return ApiResponse.json(200, JsonCodec.bytes(json.room(state, service.now(), me, present)));
    }

    ApiResponse destroy(ApiRequest request, Caller caller) {
        if (!caller.in(service).destroy()) {
            throw new NotAParticipantException();
        }
        limiter.destroyed(request, caller.room());
        return credentials.cleared(request, caller.room());
    }

    ApiResponse join(ApiRequest request, String roomCode) {
        RequestBody body = RequestBody.of(request, SEAT_FIELDS);
        Optional<Identity> known = request.hooks().identity();
        String own = body.token();
        String token = own == null ? Credentials.newToken() : own;
        JoinRequest joining = joining(body, known, TokenHash.of(token));
        try {
            return limiter.tryingCode(request, () -> {
                if (!RoomId.isValid(roomCode)) {
                    throw new RoomNotFoundException();
                }
                RoomId room = new RoomId(roomCode);
                if (!request.hooks().mayJoin(room)) {
                    throw new ProblemException(Problem.FORBIDDEN);
                }
                Optional<SeatTaken> present =
                        own == null ? credentials.seatOfJoin(request, room, known) : Optional.empty();
                SeatTaken seat = present.orElseGet(() -> takeSeat(request, room, joining, token));
                return credentials.membership(request, seat, service.now(), own == null);
            });
        } catch (RoomNotFoundException e) {
            throw new ProblemException(Problem.ROOM_NOT_FOUND);
        } catch (RoomLockedException e) {
            throw ProblemException.ofRoom(Problem.ROOM_LOCKED, e.encrypted());
        } catch (WrongProofException e) {
            throw ProblemException.ofRoom(Problem.WRONG_PROOF, e.encrypted());
        }
    }

    private static JoinRequest joining(RequestBody body, Optional<Identity> known, TokenHash token) {
        String proof = body.proof();
        return known.map(identity -> JoinRequest.named(identity, token))
                .orElseGet(() -> JoinRequest.anonymous(body.identity(), token))
                .withProof(proof == null ? null : TokenHash.of(proof))
                .withProfile(body.profile());
    }

    /** A new seat, or the one that the token or the named identity has already. */
    private SeatTaken takeSeat(ApiRequest request, RoomId room, JoinRequest joining, String token) {
        long bytes = SEAT_BYTES + bytes(joining.profile());
        try {
            return limiter.writing(request, bytes, () -> transport.join(room, joining, token), this::written);
        } catch (IllegalArgumentException e) {
            throw joining.profile() == null ? e : NewRoom.profileInPlainRoom();
        }
    }

    ApiResponse leave(ApiRequest request, Caller caller) {
        caller.in(service).leave();
        return credentials.cleared(request, caller.room());
    }

    ApiResponse remove(Caller caller, String participantId) {
        caller.seat(transport); // Whoever has no seat is refused before the whole room is read for the id.
        caller.in(service).remove(participants.identityId(caller.room(), participantId));
        return ApiResponse.empty();
    }
}
