package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.sse.AddressBudget.Written;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Posts messages, reads them, and opens the streams that carry them. */
final class MessageEndpoints {

    private static final Set<String> FIELDS = Set.of("text", "id", "ttlSeconds", "claims");

    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;

    /**
     * A client that posts as fast as it gets responses may not run ahead of the readers. Only a thread that serves this
     * request alone waits for another one that wakes them up. On an event loop nobody waits: the loop writes to other
     * readers meanwhile, and, since requests and streams share it, a client in a loop cannot run ahead there anyway.
     */
    static final Duration HOLD_BACK = Duration.ofMillis(50);

    private final EphemeralChatService service;
    private final ChatTransport transport;
    private final ChatHttpSettings settings;
    private final RateLimiter limiter;
    private final StreamRegistry streams;
    private final Participants participants;

    MessageEndpoints(
            EphemeralChatService service,
            ChatHttpSettings settings,
            RateLimiter limiter,
            StreamRegistry streams,
            Participants participants) {
        this.service = service;
        this.settings = settings;
        this.transport = service.transport();
        this.limiter = limiter;
        this.streams = streams;
        this.participants = participants;
    }

    ApiResponse post(ApiRequest request, Caller caller) {
        NewMessage message = message(request, caller);
        PostResult posted;
        try {
            posted = limiter.writing(request, bytes(message), () -> caller.post(transport, message), this::written);
        } catch (IllegalArgumentException e) {
            throw brokenRule(message);
        }
        if (request.mayWait()) {
            transport.awaitDelivery(posted, HOLD_BACK);
        }
        return response(posted);
    }

    /** As {@link #post}, without blocking; the response is made on the executor if the message was posted. */
    CompletionStage<ApiResponse> postAsync(ApiRequest request, Caller caller, Executor executor) {
        NewMessage message = message(request, caller);
        CompletionStage<PostResult> posting;
        try {
            posting = limiter.writingAsync(
                    request,
                    bytes(message),
                    () -> transport.postAsync(caller.room(), caller.actor(), message, executor),
                    this::written);
        } catch (IllegalArgumentException e) {
            throw brokenRule(message);
        }
        return posting.handle((posted, failure) -> {
            if (failure == null) {
                return response(posted);
            }
            Throwable cause = Failures.causeOf(failure);
            throw new CompletionException(cause instanceof IllegalArgumentException ? brokenRule(message) : cause);
        });
    }

    private NewMessage message(ApiRequest request, Caller caller) {
        limiter.message(caller);
        RequestBody body = RequestBody.of(request, FIELDS);
        String text = Objects.requireNonNullElse(body.string("text"), "");
        return withLife(NewMessage.of(text).withId(body.string("id")), body);
    }

    private static long bytes(NewMessage message) {
        return LogEntry.OVERHEAD_BYTES + 2L * message.text().length();
    }

    private ApiResponse response(PostResult posted) {
        byte[] json = posted.event().encoded(streams.frames(posted.room())).json();
        return ApiResponse.json(posted.stored() ? 201 : 200, json);
    }

    private NewMessage withLife(NewMessage message, RequestBody body) {
        boolean hasTtl = body.has("ttlSeconds");
        boolean hasClaims = body.has("claims");
        if (!hasTtl && !hasClaims) {
            return message;
        }
        Duration ttl = hasTtl ? body.messageTtl("ttlSeconds") : null;
        Integer claims = hasClaims ? body.integer("claims", 1, NewMessage.MAX_CLAIMS) : null;
        settings.require(Feature.FORGETTING);
        return message.withTtl(ttl).withClaims(claims);
    }

    private Written written(PostResult posted) {
        Duration left = Duration.between(service.now(), posted.expiresAt());
        return new Written(posted.room().id(), left, posted.stored(), posted.logBytes());
    }

    /** The rule that the service has refused a message for. */
    private static RuntimeException brokenRule(NewMessage message) {
        String text = message.text();
        String id = message.id();
        if (id != null && !Message.isValidId(id)) {
            return ProblemException.invalid("A message's id has 1 to 64 characters of [A-Za-z0-9_-].");
        }
        boolean fitsEveryRoom = id != null && Message.isValidText(text) && Message.isValidOpaqueText(text);
        return fitsEveryRoom
                ? ProblemException.invalid("An entry of the sender's has this id.")
                : ProblemException.invalid(
                        "A message has a text of 1 to 4000 whole characters, at least one of them visible;"
                                + " in an encrypted room it has an id, and a text of 1 to 24000 characters of [A-Za-z0-9._-].");
    }

    ApiResponse history(ApiRequest request, Caller caller) {
        RoomJson json = participants.json(caller.seat(transport).room().incarnation());
        Query query = new Query(request.query());
        long after = query.number("after", 0, Long.MAX_VALUE, 0);
        int limit = (int) query.number("limit", 1, MAX_PAGE, PAGE);
        return ApiResponse.json(200, JsonCodec.bytes(json.history(service.history(caller.room(), after, limit))));
    }

    ApiResponse events(ApiRequest request, Caller caller) {
        Cursor start = start(request);
        return streams.open(request, start, wakeUp -> caller.subscribe(transport, start, wakeUp));
    }

    /**
     * Where a stream begins. A body has no meaning there, and what nobody reads would stay before the next request as long
     * as the stream is open.
     */
    static Cursor start(ApiRequest request) {
        if (request.announcesBody()) {
            throw ProblemException.invalid("A request for a stream has no body.");
        }
        Query.wait(request); // Refused with the rest of the request.
        return Query.cursor(request);
    }
}
