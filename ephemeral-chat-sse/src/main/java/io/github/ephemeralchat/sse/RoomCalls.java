package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.Identity;
import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.NotAParticipantException;
import io.github.ephemeralchat.Room;
import io.github.ephemeralchat.RoomId;
import java.time.Instant;

/** Creates, shows and destroys rooms. */
final class RoomCalls {

    private final EphemeralChatService service;
    private final ApiRules rules;
    private final RateLimiter limiter;
    private final Credentials credentials;
    private final PublicUrls urls;

    RoomCalls(
            EphemeralChatService service,
            ApiRules rules,
            RateLimiter limiter,
            Credentials credentials,
            PublicUrls urls) {
        this.service = service;
        this.rules = rules;
        this.limiter = limiter;
        this.credentials = credentials;
        this.urls = urls;
    }

    Answer create(Call call) {
        if (!call.mayCreate().getAsBoolean()) {
            throw Refusal.of(Problem.FORBIDDEN);
        }
        limiter.newRoom(call);
        RequestBody body = RequestBody.of(call);
        Identity creator = call.identity().get().orElseGet(() -> Names.chosen(body));
        Membership membership = service.createRoom(rules.options(body), creator);
        return credentials
                .membership(call, 201, membership, service.now())
                .with("Location", urls.roomUrl(call, membership.room().id()));
    }

    Answer show(Call call, Route.Match match) {
        String token = Credentials.require(call);
        RoomId id = Credentials.roomOfToken(match);
        Membership me = service.authenticate(id, token).orElseThrow(NotAParticipantException::new);
        Room room = me.room();
        Instant now = service.now();
        byte[] json = JsonCodec.room(
                room, now, service.participants(id), me.identity().id());
        return Answer.Content.json(200, json);
    }

    Answer destroy(Call call, Route.Match match) {
        String token = Credentials.require(call);
        RoomId id = Credentials.roomOfToken(match);
        service.destroyRoom(id, token);
        return Answer.Content.empty().with("Set-Cookie", credentials.clearedCookie(call, id));
    }
}
