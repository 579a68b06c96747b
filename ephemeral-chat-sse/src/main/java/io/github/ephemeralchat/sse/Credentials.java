package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.SeatTaken;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a participant's token is in a request, and the cookie that brings it back to a room's URL. Never in a URL. */
final class Credentials {

    static final String COOKIE = "ephemeral-chat";

    private static final int MAX_TOKEN_LENGTH = 128;
    private static final String TOKEN_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    /** Of the host's neighbours, who may set some for its whole site, not one may keep the right one from being tried. */
    private static final int MAX_COOKIES = 4;

    /** For hosts whose own login uses {@code Authorization}. */
    static final String TOKEN_HEADER = "Ephemeral-Chat-Token";

    /** By it a client names its participant, so that no other's credential fits. */
    static final String PARTICIPANT_HEADER = "Ephemeral-Chat-Participant";

    private static final String BEARER = "Bearer ";

    private static final int TOKEN_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ChatTransport transport;
    private final Participants participants;
    private final @Nullable URI base;

    /**
     * Creates the credentials of a host.
     *
     * @param transport the rooms
     * @param participants whom clients name
     * @param base where clients find the API; null if that is where the request came in
     */
    Credentials(ChatTransport transport, Participants participants, @Nullable URI base) {
        this.transport = transport;
        this.participants = participants;
        this.base = base;
    }

    static ProblemException unauthorized() {
        return new ProblemException(Problem.UNAUTHORIZED, "WWW-Authenticate", "Bearer");
    }

    /**
     * The caller of a request about a room. If there is one credential only, whether it is valid is left to the call that
     * follows, which asks the store anyway.
     *
     * @throws ProblemException with 401 if no credential fits, or if the code has not the form of one: as for a room that
     *     does not exist
     */
    Caller caller(ApiRequest request, Route.Match match) {
        if (!RoomId.isValid(match.roomCode())) {
            throw unauthorized();
        }
        RoomId room = new RoomId(match.roomCode());
        boolean decided = !request.headers().apply(TOKEN_HEADER).isEmpty();
        Optional<Identity> known = decided ? Optional.empty() : request.hooks().identity();
        List<String> tokens = tokens(request, known.isEmpty());
        if (known.isEmpty() && tokens.size() == 1 && request.header(PARTICIPANT_HEADER) == null) {
            return new Caller.ByToken(room, tokens.get(0), null);
        }
        return seat(request, room, tokens)
                .<Caller>map(proved -> new Caller.ByToken(room, proved.token(), proved.seat()))
                .or(() -> known.flatMap(identity -> vouchedFor(request, room, identity)))
                .orElseThrow(Credentials::unauthorized);
    }

    /**
     * The caller of a request about a room if that can be told without asking the store or the host, either of which may
     * block: if the request has one credential only. Empty if not, and if the code has not the form of one.
     */
    Optional<Caller> callerAtHand(ApiRequest request, Route.Match match) {
        boolean decided = !request.headers().apply(TOKEN_HEADER).isEmpty();
        if (!RoomId.isValid(match.roomCode())
                || request.header(PARTICIPANT_HEADER) != null
                || (!decided && request.hooks().knowsIdentities())) {
            return Optional.empty();
        }
        List<String> tokens = tokens(request, true);
        return tokens.size() == 1
                ? Optional.of(new Caller.ByToken(new RoomId(match.roomCode()), tokens.get(0), null))
                : Optional.empty();
    }

    /** Whom the host knows needs no token. */
    private Optional<Caller> vouchedFor(ApiRequest request, RoomId room, Identity identity) {
        String named = request.header(PARTICIPANT_HEADER);
        return named == null || participants.means(room, named, identity.id())
                ? Optional.of(new Caller.ByHost(room, identity.id()))
                : Optional.empty();
    }

    /**
     * The seat that a request to join proves, if any. A cookie alone proves none: a neighbour of the host may have set
     * it. It counts if the request names the participant as well, or if the host says who this is.
     */
    Optional<SeatTaken> seatOfJoin(ApiRequest request, RoomId room, Optional<Identity> known) {
        boolean named = request.header(PARTICIPANT_HEADER) != null;
        return seat(request, room, tokens(request, named || known.isPresent()))
                .filter(proved -> known.isEmpty()
                        || proved.seat()
                                .member()
                                .identity()
                                .id()
                                .equals(known.get().id()))
                .map(Credentials::taken);
    }

    /** A seat and the token that proves it. */
    private record Proved(RoomStore.Seat seat, String token) {}

    /** The first credential that is valid in the room, and of the participant that the request names, if it names one. */
    private Optional<Proved> seat(ApiRequest request, RoomId room, List<String> tokens) {
        String named = request.header(PARTICIPANT_HEADER);
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        Map<TokenHash, String> byHash = new LinkedHashMap<>();
        tokens.forEach(token -> byHash.put(TokenHash.of(token), token));
        return transport.authenticate(room, List.copyOf(byHash.keySet())).stream()
                .filter(found -> named == null || named.equals(wireId(found.seat())))
                .findFirst()
                .map(found -> new Proved(found.seat(), Objects.requireNonNull(byHash.get(found.token()))));
    }

    private String wireId(RoomStore.Seat seat) {
        return participants
                .ids(seat.room().incarnation())
                .of(seat.member().identity().id());
    }

    private static SeatTaken taken(Proved proved) {
        RoomStore.Seat seat = proved.seat;
        return new SeatTaken(
                new Membership(seat.room(), seat.member().participant(), proved.token),
                false,
                seat.head().sequence());
    }

    /**
     * What may be tokens of the room, the likeliest first. The header of our own decides alone. Any other header that is no
     * token is the host's, and hides no cookie.
     */
    private static List<String> tokens(ApiRequest request, boolean withCookies) {
        List<String> own = request.headers().apply(TOKEN_HEADER);
        if (!own.isEmpty()) {
            return own.stream().limit(1).filter(Credentials::isToken).toList();
        }
        List<String> tokens = new ArrayList<>(1);
        for (String header : request.headers().apply("Authorization")) {
            String value = header.strip();
            if (value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                add(value.substring(BEARER.length()).strip(), tokens);
            }
        }
        if (withCookies) {
            cookies(request).forEach(cookie -> add(cookie, tokens));
        }
        return tokens;
    }

    private static void add(String candidate, List<String> tokens) {
        if (isToken(candidate) && tokens.size() < RoomStore.MAX_CANDIDATES && !tokens.contains(candidate)) {
            tokens.add(candidate);
        }
    }

    private static List<String> cookies(ApiRequest request) {
        List<String> headers = request.headers().apply("Cookie");
        return headers.isEmpty() ? headers : cookies(headers);
    }

    private static List<String> cookies(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Stream.of(header.split(";", -1)))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(COOKIE + "="))
                .map(cookie -> unquoted(cookie.substring(COOKIE.length() + 1)))
                .filter(Credentials::isToken)
                .limit(MAX_COOKIES)
                .toList();
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Whether this has the form of a token, so that nothing else is ever hashed or looked up. */
    static boolean isToken(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_TOKEN_LENGTH
                && value.chars().allMatch(c -> TOKEN_CHARACTERS.indexOf(c) >= 0);
    }

    /** {@return a token that nobody can guess} */
    static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The response that hands a seat over, with its token in a cookie that lasts as long as the room may.
     *
     * @param withToken whether the token stands in the body too: one of the client's own does not
     */
    ApiResponse membership(ApiRequest request, SeatTaken seat, Instant now, boolean withToken) {
        Membership membership = seat.membership();
        Room room = membership.room();
        long millis = Duration.between(now, room.latestExpiresAt()).toMillis();
        String cookie = cookie(request, room.id(), membership.token(), Math.max(1, (millis + 999) / 1000));
        JsonCodec.Fields json =
                participants.json(room.incarnation()).membership(membership, seat.lastSequence(), now, withToken);
        return ApiResponse.json(seat.isNew() ? 201 : 200, JsonCodec.bytes(json)).with(Map.of("Set-Cookie", cookie));
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
