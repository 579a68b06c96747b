package io.github.ephemeralchat.sse;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every operation of the API: its method and the template of its path. A literal goes before a parameter. */
enum Route {
    CREATE_ROOM("POST", "/rooms"),
    SHOW_ROOM("GET", "/rooms/{id}"),
    DESTROY_ROOM("DELETE", "/rooms/{id}"),
    MOVE_DEADLINE("PUT", "/rooms/{id}/deadline"),
    CHANGE_ADMISSION("PUT", "/rooms/{id}/admission"),
    SET_PROPERTY("PUT", "/rooms/{id}/properties/{name}"),
    REMOVE_PROPERTY("DELETE", "/rooms/{id}/properties/{name}"),
    JOIN("POST", "/rooms/{id}/participants"),
    LEAVE("DELETE", "/rooms/{id}/participants/me"),
    REMOVE_PARTICIPANT("DELETE", "/rooms/{id}/participants/{pid}"),
    ASSIGN_ROLE("PATCH", "/rooms/{id}/participants/{pid}"),
    POST_MESSAGE("POST", "/rooms/{id}/messages"),
    POST_ENTRY("POST", "/rooms/{id}/entries"),
    SEND_CUE("POST", "/rooms/{id}/cues"),
    HISTORY("GET", "/rooms/{id}/messages"),
    FORGET_MESSAGE("DELETE", "/rooms/{id}/messages/{sequence}"),
    CLAIM_MESSAGE("POST", "/rooms/{id}/messages/{sequence}/claim"),
    EVENTS("GET", "/rooms/{id}/events"),
    EVENTS_BY_POST("POST", "/rooms/{id}/events"),
    CONTRACT("GET", "/openapi.yaml");

    private static final List<Route> ALL = List.of(values());

    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

    final String method;
    final String template;

    @SuppressWarnings("ImmutableEnumChecker") // an immutable list
    private final List<String> segments;

    Route(String method, String template) {
        this.method = method;
        this.template = template;
        this.segments = segments(template);
    }

    boolean takesBody() {
        return METHODS_WITH_BODY.contains(method) && !opensStream();
    }

    boolean opensStream() {
        return this == EVENTS || this == EVENTS_BY_POST;
    }

    /** Whether it only reads. A stream does more: it may replace another one of its participant. */
    boolean isSafe() {
        return hasHead();
    }

    /**
     * Finds the operation that a request names. HEAD names that of GET, except for the events.
     *
     * @throws ProblemException with 404 for an unknown path, 405 for an unknown method, 400 for malformed escapes
     */
    static Match match(String method, String path) {
        List<String> segments = segments(path);
        for (Route route : ALL) {
            if (route.knows(method) && route.fits(segments)) {
                return new Match(route, segments);
            }
        }
        String methods = methods(segments);
        throw methods.isEmpty()
                ? new ProblemException(Problem.NOT_FOUND)
                : new ProblemException(Problem.METHOD_NOT_ALLOWED, "Allow", methods);
    }

    /** Whether a {@code POST} to a path posts a message or an entry. */
    static boolean isPost(String path) {
        return fits(path, POST_MESSAGE) || fits(path, POST_ENTRY);
    }

    /** Whether a path is that of a room's messages. */
    static boolean isMessage(String path) {
        return fits(path, POST_MESSAGE);
    }

    private static boolean fits(String path, Route route) {
        try {
            return route.fits(segments(path));
        } catch (ProblemException e) {
            return false;
        }
    }

    private boolean knows(String asked) {
        return method.equals(asked) || (asked.equals("HEAD") && hasHead());
    }

    /** Whether a response without its body says anything: a stream has nothing else. */
    private boolean hasHead() {
        return method.equals("GET") && this != EVENTS;
    }

    /** The methods that a path knows; empty for an unknown path. */
    static String methods(String path) {
        return methods(segments(path));
    }

    private static String methods(List<String> segments) {
        List<Route> known = ALL.stream().filter(route -> route.fits(segments)).toList();
        if (known.isEmpty()) {
            return "";
        }
        Stream<String> own = known.stream().map(route -> route.method);
        Stream<String> head = known.stream().filter(Route::hasHead).map(route -> "HEAD");
        return Stream.of(own, head, Stream.of("OPTIONS"))
                .flatMap(methods -> methods)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private boolean fits(List<String> path) {
        if (path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            boolean parameter = segments.get(i).startsWith("{");
            if (parameter ? path.get(i).isEmpty() : !segments.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The decoded parts of a path: an encoded slash is part of one, as for every other program on the way. */
    private static List<String> segments(String path) {
        List<String> segments = Arrays.asList(path.split("/", -1));
        if (path.indexOf('%') >= 0) {
            segments.replaceAll(Route::decode);
        }
        return segments;
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("The path is badly encoded.");
        }
    }

    /**
     * A route and the path that fits it.
     *
     * @param route the operation
     * @param segments the path's decoded parts; the first is what stands before the leading slash
     */
    record Match(Route route, List<String> segments) {

        /** The code as it was sent: nobody has checked its form. */
        String roomCode() {
            return segments.get(2);
        }

        /** The participant's id, the property's name, or the message's sequence. */
        String item() {
            return segments.get(4);
        }

        /** Returns the operation and nothing that somebody sent. */
        @Override
        public String toString() {
            return "Match[" + route + "]";
        }
    }
}
