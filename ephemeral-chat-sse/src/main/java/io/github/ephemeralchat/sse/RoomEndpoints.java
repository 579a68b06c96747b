package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomOptions;
import java.time.Duration;

/** Creates, shows and destroys rooms. */
final class RoomEndpoints {

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
            throw ProblemException.of(Problem.FORBIDDEN);
        }
        limiter.newRoom(request);
        RequestBody body = RequestBody.of(request);
        Identity creator = request.hooks().identity().orElseGet(body::identity);
        Membership membership = service.createRoom(options(body), creator);
        return credentials
                .membership(request, 201, membership, service.now())
                .with("Location", credentials.roomUrl(request, membership.room().id()));
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

    ApiResponse show(ApiRequest request, Route.Match match) {
        Credentials.Caller caller = Credentials.caller(request, match);
        Membership me = service.authenticate(caller.room(), caller.token()).orElseThrow(NotAParticipantException::new);
        return ApiResponse.Content.json(
                200,
                JsonCodec.room(
                        me.room(),
                        service.now(),
                        service.participants(caller.room()),
                        me.identity().id()));
    }

    ApiResponse destroy(ApiRequest request, Route.Match match) {
        Credentials.Caller caller = Credentials.caller(request, match);
        service.destroyRoom(caller.room(), caller.token());
        return ApiResponse.Content.empty().with("Set-Cookie", credentials.clearedCookie(request, caller.room()));
    }
}
