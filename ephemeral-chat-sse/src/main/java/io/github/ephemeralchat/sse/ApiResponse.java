package io.github.ephemeralchat.sse;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ChatApi} has a server send: a whole response, one whose body is yet to come, or the head of an event stream.
 * A stream listens already, so whoever gets it either begins it with {@link EventStream#start} or ends it with
 * {@link EventStream#abort}; a poll is awaited or aborted.
 *
 * @param status the HTTP status
 * @param headers the headers, other than those about the length; a name stands there once
 * @param body the bytes, not to be changed; empty if there is no body
 * @param stream what follows the head instead of a body, or null
 * @param poll what makes the body, for {@link #whole}; or null
 */
public record ApiResponse(
        int status,
        Map<String, String> headers,
        @SuppressWarnings("ArrayRecordComponent") byte[] body,
        @Nullable EventStream stream,
        @Nullable EventPoll poll) {

    static final Map<String, String> ALWAYS = Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    private static final Map<String, String> JSON = union(ALWAYS, Map.of("Content-Type", "application/json"));

    /** The last one keeps a proxy from holding events back. */
    private static final Map<String, String> STREAM = Map.of(
            "Content-Type", "text/event-stream;charset=utf-8",
            "Cache-Control", "no-store, no-transform",
            "X-Content-Type-Options", "nosniff",
            "X-Accel-Buffering", "no");

    private static final byte[] NO_BODY = {};

    static ApiResponse json(int status, byte[] json) {
        return new ApiResponse(status, JSON, json, null, null);
    }

    static ApiResponse of(int status, byte[] body, String contentType) {
        return new ApiResponse(status, union(ALWAYS, Map.of("Content-Type", contentType)), body, null, null);
    }

    static ApiResponse empty() {
        return new ApiResponse(204, ALWAYS, NO_BODY, null, null);
    }

    static ApiResponse of(EventStream stream) {
        return new ApiResponse(200, STREAM, NO_BODY, stream, null);
    }

    static ApiResponse of(EventPoll poll) {
        ApiResponse head = new ApiResponse(200, STREAM, NO_BODY, null, poll);
        byte[] events = poll.body();
        return events == null ? head : head.whole(events);
    }

    /**
     * Returns the response to a poll that has ended.
     *
     * @param events the body, not to be changed
     * @return the same head with that body
     */
    public ApiResponse whole(byte[] events) {
        return new ApiResponse(status, headers, events, null, null);
    }

    /** {@return the same response with more headers, which replace those of the same name} */
    ApiResponse with(Map<String, String> more) {
        return more.isEmpty() ? this : new ApiResponse(status, union(headers, more), body, stream, poll);
    }

    private static Map<String, String> union(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return Map.copyOf(all);
    }

    /** Returns the status; never the body or the cookie. */
    @Override
    public String toString() {
        return "ApiResponse[" + status + "]";
    }
}
