package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a participant's token is in a request, and the cookie that brings it back to a room's URL. Never in a URL. */
final class Credentials {

    static final String COOKIE = "ephemeral-chat";

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /** What browsers send by themselves if the host has such a login; it says nothing about a seat. */
    private static final Set<String> SCHEMES_OF_THE_HOST = Set.of("basic", "digest", "negotiate", "ntlm");

    private final @Nullable URI base;

    /**
     * Creates the credentials of a host.
     *
     * @param base where clients find the API; null if that is where the request came in
     */
    Credentials(@Nullable URI base) {
        this.base = base;
    }

    /**
     * Who a request says that it comes from; nobody has asked the store yet.
     *
     * @param room the room that the token is for
     * @param token the token
     */
    record Caller(RoomId room, String token) {

        /** Returns nothing that somebody sent. */
        @Override
        public String toString() {
            return "Caller[...]";
        }
    }

    static ProblemException unauthorized() {
        return new ProblemException(Problem.UNAUTHORIZED, "WWW-Authenticate", "Bearer");
    }

    /**
     * The caller of a request about a room.
     *
     * @throws ProblemException with 401 if there is no token, or nothing that could be one, or if the code has not the form
     *     of one: as for a room that does not exist
     */
    static Caller caller(ApiRequest request, Route.Match match) {
        String token = token(request);
        if (token == null || !RoomId.isValid(match.roomCode())) {
            throw unauthorized();
        }
        return new Caller(new RoomId(match.roomCode()), token);
    }

    /** The token of a request, or null. A header decides alone: if it holds no token, no cookie is looked at. */
    static @Nullable String token(ApiRequest request) {
        String authorization = request.header("Authorization");
        if (authorization == null) {
            return fromCookie(request);
        }
        int space = authorization.indexOf(' ');
        String scheme = (space < 0 ? authorization : authorization.substring(0, space)).toLowerCase(Locale.ROOT);
        if (SCHEMES_OF_THE_HOST.contains(scheme)) {
            return fromCookie(request);
        }
        return scheme.equals("bearer") && space > 0
                ? valid(authorization.substring(space).strip())
                : null;
    }

    private static @Nullable String fromCookie(ApiRequest request) {
        for (String header : request.headers().apply("Cookie")) {
            for (String pair : header.split(";", -1)) {
                String cookie = pair.strip();
                if (cookie.startsWith(COOKIE + "=")) {
                    return valid(cookie.substring(COOKIE.length() + 1));
                }
            }
        }
        return null;
    }

    /** The value, or null if it has not the form of a token, so that nothing else is ever hashed or looked up. */
    private static @Nullable String valid(String value) {
        return TOKEN.matcher(value).matches() ? value : null;
    }

    /** The response that hands a seat over, with its token in the body and in a cookie that lasts as long as the room. */
    ApiResponse membership(ApiRequest request, int status, Membership membership, Instant now) {
        Room room = membership.room();
        long millis = Duration.between(now, room.expiresAt()).toMillis();
        String cookie = cookie(request, room.id(), membership.token(), Math.max(1, (millis + 999) / 1000));
        return ApiResponse.json(status, JsonCodec.bytes(JsonCodec.membership(membership, now)))
                .with(Map.of("Set-Cookie", cookie));
    }

    /** The response that has a browser drop the token. */
    ApiResponse cleared(ApiRequest request, RoomId room) {
        return ApiResponse.empty().with(Map.of("Set-Cookie", cookie(request, room, "", 0)));
    }

    private String cookie(ApiRequest request, RoomId room, String value, long maxAge) {
        boolean secure = request.secure() || (base != null && "https".equals(base.getScheme()));
        return COOKIE + "=" + value + "; Path=" + roomPath(request, room) + "; Max-Age=" + maxAge
                + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    /** The path of a room, for a cookie. */
    private String roomPath(ApiRequest request, RoomId room) {
        return (base == null ? request.mount() : base.getRawPath()) + "/rooms/" + room.value();
    }

    /** The URL of a room. Without a base it is a path alone, so that no {@code Host} that somebody made up gets into it. */
    String roomUrl(ApiRequest request, RoomId room) {
        String path = roomPath(request, room);
        return base == null ? path : base.resolve(path).toString();
    }
}
