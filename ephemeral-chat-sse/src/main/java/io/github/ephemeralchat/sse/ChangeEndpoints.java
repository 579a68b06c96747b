package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.sse.AddressBudget.Written;
import io.github.ephemeralchat.transport.ChatTransport;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Moves a room's end, changes who may come in, gives roles, sets properties, and has texts forgotten or taken: the store judges
 * whether the caller may.
 */
final class ChangeEndpoints {

    private static final Set<String> DEADLINE_FIELDS = Set.of("ttlSeconds");
    private static final Set<String> ADMISSION_FIELDS = Set.of("locked", "proof");
    private static final Set<String> ROLE_FIELDS = Set.of("role");
    private static final Set<String> PROPERTY_FIELDS = Set.of("value");

    private static final int MIN_SECONDS = (int) RoomChange.Deadline.MIN_LEFT.toSeconds();
    private static final int MAX_SECONDS = (int) RoomOptions.MAX_TTL.toSeconds();

    private final EphemeralChatService service;
    private final ChatTransport transport;
    private final ChatHttpSettings settings;
    private final RateLimiter limiter;
    private final Participants participants;

    ChangeEndpoints(
            EphemeralChatService service, ChatHttpSettings settings, RateLimiter limiter, Participants participants) {
        this.service = service;
        this.transport = service.transport();
        this.settings = settings;
        this.limiter = limiter;
        this.participants = participants;
    }

    ApiResponse moveDeadline(ApiRequest request, Caller caller) {
        limiter.message(caller);
        int seconds = RequestBody.of(request, DEADLINE_FIELDS).integer("ttlSeconds", MIN_SECONDS, MAX_SECONDS);
        settings.require(Feature.DEADLINE);
        try {
            return room(change(request, caller, 0, authority -> authority.endIn(Duration.ofSeconds(seconds))));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("A room ends at its latestExpiresAt or before.");
        }
    }

    ApiResponse changeAdmission(ApiRequest request, Caller caller) {
        limiter.message(caller);
        RequestBody body = RequestBody.of(request, ADMISSION_FIELDS);
        Boolean locked = body.has("locked") ? body.flag("locked", false) : null;
        ProofChange proof = proofChange(body);
        try {
            return room(change(request, caller, 0, authority -> authority.admission(locked, proof)));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("An encrypted room always asks for a proof.");
        }
    }

    private static ProofChange proofChange(RequestBody body) {
        if (!body.has("proof")) {
            return new ProofChange.Keep();
        }
        return body.isNull("proof")
                ? new ProofChange.Remove()
                : new ProofChange.Replace(TokenHash.of(Objects.requireNonNull(body.proof())));
    }

    private ApiResponse room(RoomState state) {
        return ApiResponse.json(200, JsonCodec.bytes(JsonCodec.room(state, service.now())));
    }

    ApiResponse assignRole(ApiRequest request, Caller caller, String participantId) {
        limiter.message(caller);
        Role role = role(RequestBody.of(request, ROLE_FIELDS));
        caller.seat(transport); // Whoever has no seat is refused before the whole room is read for the id.
        String identityId = participants.identityId(caller.room(), participantId);
        RoomState state;
        try {
            state = change(request, caller, identityId.length(), authority -> authority.assign(identityId, role));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("The owner gets another role only when another becomes the owner.");
        }
        Participant participant = state.seat(identityId)
                .orElseThrow(NoSuchSeatException::new)
                .member()
                .participant();
        RoomJson json = participants.json(state.room().incarnation());
        return ApiResponse.json(200, JsonCodec.bytes(json.participant(participant)));
    }

    private static Role role(RequestBody body) {
        try {
            return Role.of(Objects.requireNonNullElse(body.string("role"), ""));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("The field role is owner, member or reader.");
        }
    }

    ApiResponse setProperty(ApiRequest request, Caller caller, String name) {
        limiter.message(caller);
        String value = RequestBody.propertyValue(
                name, RequestBody.of(request, PROPERTY_FIELDS).string("value"));
        settings.require(Feature.PROPERTIES);
        change(request, caller, 2L * value.length(), authority -> authority.setProperty(name, value));
        return ApiResponse.empty();
    }

    ApiResponse removeProperty(ApiRequest request, Caller caller, String name) {
        limiter.message(caller);
        RequestBody.checkPropertyName(name);
        settings.require(Feature.PROPERTIES);
        change(request, caller, 0, authority -> authority.removeProperty(name));
        return ApiResponse.empty();
    }

    ApiResponse forget(ApiRequest request, Caller caller, String sequence) {
        limiter.message(caller);
        settings.require(Feature.FORGETTING);
        change(request, caller, 0, authority -> authority.forget(sequence(sequence)));
        return ApiResponse.empty();
    }

    ApiResponse claim(ApiRequest request, Caller caller, String sequence) {
        limiter.message(caller);
        RequestBody.of(request, Set.of());
        settings.require(Feature.FORGETTING);
        AtomicReference<Message> message = new AtomicReference<>();
        RoomState state = change(request, caller, 0, authority -> message.set(authority.claim(sequence(sequence))));
        RoomJson json = participants.json(state.room().incarnation());
        return ApiResponse.json(200, JsonCodec.bytes(json.message(Objects.requireNonNull(message.get()))));
    }

    /** A place in the log; one where nothing ever is, if that is no number. */
    private static long sequence(String segment) {
        return segment.matches("[0-9]{1,18}") ? Long.parseLong(segment) : 0;
    }

    /** Makes a change, which takes a place in the log as a message does, and returns the room as it is then. */
    private RoomState change(ApiRequest request, Caller caller, long bytes, Consumer<Authority> how) {
        return limiter.writing(
                request,
                LogEntry.OVERHEAD_BYTES + bytes,
                () -> {
                    how.accept(caller.in(service));
                    return transport.find(caller.room()).orElseThrow(NotAParticipantException::new);
                },
                this::written);
    }

    private Written written(RoomState state) {
        Duration left = Duration.between(service.now(), state.room().expiresAt());
        return new Written(state.room().id(), left, true, LogLimits.DEFAULT.maxTextBytes());
    }
}
