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

    /** What browsers send by themselves where the host has such a login; it says nothing about a seat. */
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
        return ProblemException.of(Problem.UNAUTHORIZED, Map.of("WWW-Authenticate", "Bearer"));
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

    /** The token of a request, or null. A header decides alone: where it holds no token, no cookie is looked at. */
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
        for (String header : request.headers("Cookie")) {
            for (String pair : header.split(";", -1)) {
                String cookie = pair.strip();
                if (cookie.startsWith(COOKIE + "=")) {
                    return valid(cookie.substring(COOKIE.length() + 1));
                }
            }
        }
        return null;
    }

    /** The value, or null where it has not the form of a token, so that nothing else is ever hashed or looked up. */
    private static @Nullable String valid(String value) {
        return TOKEN.matcher(value).matches() ? value : null;
    }

    /** The answer that hands a seat over, with its token in the body and in a cookie. */
    ApiResponse.Content membership(ApiRequest request, int status, Membership membership, Instant now) {
        return ApiResponse.Content.json(status, JsonCodec.membership(membership, now))
                .with("Set-Cookie", cookie(request, membership, now));
    }

    /** Lasts as long as the room. */
    private String cookie(ApiRequest request, Membership membership, Instant now) {
        Room room = membership.room();
        long millis = Duration.between(now, room.expiresAt()).toMillis();
        return cookie(request, room.id(), membership.token(), Math.max(1, (millis + 999) / 1000));
    }

    /** The {@code Set-Cookie} that makes a browser forget the token. */
    String clearedCookie(ApiRequest request, RoomId room) {
        return cookie(request, room, "", 0);
    }

    private String cookie(ApiRequest request, RoomId room, String value, long maxAge) {
        return COOKIE + "=" + value + "; Path=" + roomPath(request, room) + "; Max-Age=" + maxAge
                + "; HttpOnly; SameSite=Strict" + (isSecure(request) ? "; Secure" : "");
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

    private boolean isSecure(ApiRequest request) {
        return request.secure() || (base != null && "https".equals(base.getScheme()));
    }
}
