package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import java.time.Instant;

/** Creates, shows and destroys rooms. */
final class RoomEndpoints {

    private final EphemeralChatService service;
    private final RoomPolicy rules;
    private final RateLimiter limiter;
    private final Credentials credentials;
    private final PublicUrls urls;

    RoomEndpoints(
            EphemeralChatService service,
            RoomPolicy rules,
            RateLimiter limiter,
            Credentials credentials,
            PublicUrls urls) {
        this.service = service;
        this.rules = rules;
        this.limiter = limiter;
        this.credentials = credentials;
        this.urls = urls;
    }

    ApiResponse create(ApiRequest call) {
        if (!call.mayCreate().getAsBoolean()) {
            throw ProblemException.of(Problem.FORBIDDEN);
        }
        limiter.newRoom(call);
        RequestBody body = RequestBody.of(call);
        Identity creator = call.identity().get().orElseGet(() -> Names.chosen(body));
        Membership membership = service.createRoom(rules.options(body), creator);
        return credentials
                .membership(call, 201, membership, service.now())
                .with("Location", urls.roomUrl(call, membership.room().id()));
    }

    ApiResponse show(ApiRequest call, Route.Match match) {
        String token = Credentials.require(call);
        RoomId id = Credentials.roomOfToken(match);
        Membership me = service.authenticate(id, token).orElseThrow(NotAParticipantException::new);
        Room room = me.room();
        Instant now = service.now();
        byte[] json = JsonCodec.room(
                room, now, service.participants(id), me.identity().id());
        return ApiResponse.Content.json(200, json);
    }

    ApiResponse destroy(ApiRequest call, Route.Match match) {
        String token = Credentials.require(call);
        RoomId id = Credentials.roomOfToken(match);
        service.destroyRoom(id, token);
        return ApiResponse.Content.empty().with("Set-Cookie", credentials.clearedCookie(call, id));
    }
}
