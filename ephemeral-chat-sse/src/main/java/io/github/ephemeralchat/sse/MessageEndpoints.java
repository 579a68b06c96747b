package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Posts messages, reads them, and opens the streams that carry them. */
final class MessageEndpoints {

    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;

    private final EphemeralChatService service;
    private final RateLimiter limiter;
    private final StreamRegistry streams;
    private final Duration holdBack;

    MessageEndpoints(EphemeralChatService service, RateLimiter limiter, StreamRegistry streams, Duration holdBack) {
        this.service = service;
        this.limiter = limiter;
        this.streams = streams;
        this.holdBack = holdBack;
    }

    ApiResponse post(ApiRequest call, Route.Match match) {
        String token = Credentials.require(call);
        RoomId room = Credentials.roomOfToken(match);
        limiter.message(token);
        RequestBody body = RequestBody.of(call);
        String text = text(body);
        String id = messageId(body);
        PostResult posted =
                service.transport().post(room, token, text, id == null ? EphemeralChatService.newMessageId() : id);
        service.transport().awaitDelivery(posted, holdBack);
        return ApiResponse.Content.json(posted.stored() ? 201 : 200, SseFrames.data(posted.event()));
    }

    private static String text(RequestBody body) {
        String text = body.string("text");
        if (text == null || !Message.isValidText(text)) {
            throw ProblemException.invalid("A message has a text of 1 to 4000 whole characters.");
        }
        return text;
    }

    private static @Nullable String messageId(RequestBody body) {
        String id = body.string("id");
        if (id != null && !Message.isValidId(id)) {
            throw ProblemException.invalid("A message's id has 1 to 64 characters of [A-Za-z0-9_-].");
        }
        return id;
    }

    ApiResponse history(ApiRequest call, Route.Match match) {
        Membership me = authenticated(call, match);
        Query query = new Query(call.query());
        long after = query.number("after", 0, Long.MAX_VALUE, 0);
        int limit = (int) query.number("limit", 1, MAX_PAGE, PAGE);
        HistoryPage page = service.history(me.room().id(), after, limit);
        return ApiResponse.Content.json(200, JsonCodec.history(page));
    }

    ApiResponse events(ApiRequest call, Route.Match match) {
        Membership me = authenticated(call, match);
        StreamStart start = start(call);
        EventStream stream = streams.open(
                me.identity().id(),
                call.clientAddress().get(),
                start.ready(),
                wakeUp -> service.transport().subscribe(me.room().id(), me.token(), start.cursor(), wakeUp));
        return new ApiResponse.Stream(stream);
    }

    private static StreamStart start(ApiRequest call) {
        try {
            return StreamStart.of(call::header, new Query(call.query())::first);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("A stream begins after an event id, with from=now, or at the start.");
        }
    }

    private Membership authenticated(ApiRequest call, Route.Match match) {
        String token = Credentials.require(call);
        return service.authenticate(Credentials.roomOfToken(match), token).orElseThrow(NotAParticipantException::new);
    }
}
