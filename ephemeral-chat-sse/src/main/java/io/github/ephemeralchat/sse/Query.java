package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string. Read without the server's help, which would read a form in the body too.
 *
 * @param raw the string as it was sent
 */
record Query(@Nullable String raw) {

    private static final int MAX_WAIT_SECONDS = 25;
    private static final int STREAM = -1;

    /**
     * Reads where a browser's {@code EventSource} asks a stream to begin. The header wins: a browser that reconnects
     * repeats the URL, and with it parameters that are older.
     *
     * @throws ProblemException if what is there is malformed
     */
    static Cursor cursor(ApiRequest request) {
        Query query = new Query(request.query());
        String lastId = Objects.requireNonNullElse(request.header("Last-Event-ID"), "");
        if (lastId.isEmpty()) {
            lastId = Objects.requireNonNullElse(query.first("lastEventId"), "");
        }
        if (!lastId.isEmpty()) {
            return Cursor.after(EntryId.parse(lastId).orElseThrow(Query::malformedCursor));
        }
        return switch (Objects.requireNonNullElse(query.first("from"), "")) {
            case "" -> Cursor.start();
            case "now" -> Cursor.now();
            default -> throw malformedCursor();
        };
    }

    /**
     * How long a request for events waits for the first; null if it is for a stream.
     *
     * @throws ProblemException if that is no number of seconds, or too many
     */
    static @Nullable Duration wait(ApiRequest request) {
        int seconds = (int) new Query(request.query()).number("wait", 0, MAX_WAIT_SECONDS, STREAM);
        return seconds == STREAM ? null : Duration.ofSeconds(seconds);
    }

    private static ProblemException malformedCursor() {
        return ProblemException.invalid("A stream begins after an event id, with from=now, or at the start.");
    }

    /**
     * The first value of a parameter, or null.
     *
     * @throws ProblemException if it is badly encoded
     */
    @Nullable
    String first(String name) {
        if (raw == null) {
            return null;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (key.equals(name)) {
                return equals < 0 ? "" : decode(pair.substring(equals + 1));
            }
        }
        return null;
    }

    /**
     * A number written in decimal digits.
     *
     * @throws ProblemException if there is a value that is no such number, or one out of bounds
     */
    long number(String name, long min, long max, long absent) {
        String value = first(name);
        if (value == null) {
            return absent;
        }
        try {
            if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                long number = Long.parseLong(value);
                if (number >= min && number <= max) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            // Empty, or beyond a long: as wrong as any other.
        }
        throw ProblemException.invalid("The parameter " + name + " is a whole number from " + min + " to " + max + ".");
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("A parameter is badly encoded.");
        }
    }
}
