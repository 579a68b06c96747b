package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.RoomEvent.CueSent;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.sse.AddressBudget.Written;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** Posts entries of the host's own kinds, which cost what messages cost, and sends cues, which are kept nowhere. */
final class EntryEndpoints {

    private static final Set<String> FIELDS = Set.of("kind", "body", "id");
    private static final Set<String> CUE_FIELDS = Set.of("kind", "body");

    /** A node says who is present, never a client. */
    private static final String PRESENCE = "presence";

    private final EphemeralChatService service;
    private final ChatTransport transport;
    private final ChatHttpSettings settings;
    private final RateLimiter limiter;
    private final StreamRegistry streams;

    EntryEndpoints(
            EphemeralChatService service, ChatHttpSettings settings, RateLimiter limiter, StreamRegistry streams) {
        this.service = service;
        this.transport = service.transport();
        this.settings = settings;
        this.limiter = limiter;
        this.streams = streams;
    }

    ApiResponse post(ApiRequest request, Caller caller) {
        limiter.message(caller);
        RequestBody fields = RequestBody.of(request, FIELDS);
        String kind = kind(fields, settings.entryKinds);
        String body = Objects.requireNonNullElse(fields.string("body"), "");
        String id = fields.string("id");
        PostResult posted;
        try {
            posted = limiter.writing(
                    request,
                    LogEntry.OVERHEAD_BYTES + 2L * body.length(),
                    () -> transport.postEntry(caller.room(), caller.actor(), kind, body, id),
                    this::written);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(
                    "An entry has a body of 1 to 4096 whole characters, and perhaps an id of 1 to"
                            + " 64 characters of [A-Za-z0-9_-] that no message of its sender has; in an encrypted room it has an"
                            + " id, and a body of [A-Za-z0-9._-].");
        }
        if (request.mayWait()) {
            transport.awaitDelivery(posted, MessageEndpoints.HOLD_BACK);
        }
        byte[] json = posted.event().encoded(streams.frames(posted.room())).json();
        return ApiResponse.json(posted.stored() ? 201 : 200, json);
    }

    /** Nothing is stored, so it counts as a request and no more; the service drops what comes too often. */
    ApiResponse cue(ApiRequest request, Caller caller) {
        RequestBody fields = RequestBody.of(request, CUE_FIELDS);
        String named = fields.string("kind");
        if (PRESENCE.equals(named)) {
            throw new ProblemException(Problem.FORBIDDEN);
        }
        String kind = CueSent.TYPING.equals(named) ? named : kind(fields, settings.cueKinds);
        String body = Objects.requireNonNullElse(fields.string("body"), "");
        try {
            transport.cue(caller.room(), caller.actor(), kind, body);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(
                    "A cue has a body of at most 512 whole characters; in an encrypted room they are of [A-Za-z0-9._-].");
        }
        return ApiResponse.empty();
    }

    private static String kind(RequestBody fields, Set<String> allowed) {
        String kind = Objects.requireNonNullElse(fields.string("kind"), "");
        if (!CustomEntry.isValidKind(kind)) {
            throw ProblemException.invalid("A kind is x- and 1 to 30 characters of [a-z0-9-].");
        }
        if (!allowed.contains(kind)) {
            throw new ProblemException(Problem.FORBIDDEN);
        }
        return kind;
    }

    private Written written(PostResult posted) {
        Duration left = Duration.between(service.now(), posted.expiresAt());
        return new Written(posted.room().id(), left, posted.stored(), posted.logBytes());
    }
}
