package io.github.ephemeralchat.sse;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link ChatApi} has a server send. */
public sealed interface ApiResponse {

    /**
     * Returns the headers to set, other than {@code Content-Type} and those about the length.
     *
     * @return names and values; a name stands there once
     */
    Map<String, String> headers();

    /**
     * Returns the same response with more headers.
     *
     * @param more what replaces headers of the same name
     * @return a changed copy
     */
    ApiResponse with(Map<String, String> more);

    /**
     * A whole response.
     *
     * @param status the HTTP status
     * @param headers the headers other than {@code Content-Type}
     * @param body the bytes, not to be changed; empty if there is no body
     * @param contentType null if there is no body
     */
    record Content(
            int status,
            Map<String, String> headers,
            @SuppressWarnings("ArrayRecordComponent") byte[] body,
            @Nullable String contentType)
            implements ApiResponse {

        static final Map<String, String> ALWAYS =
                Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

        static Content json(int status, JsonCodec.Fields fields) {
            return json(status, JsonCodec.bytes(fields));
        }

        static Content json(int status, byte[] json) {
            return of(status, json, "application/json");
        }

        static Content of(int status, byte[] body, @Nullable String contentType) {
            return new Content(status, ALWAYS, body, contentType);
        }

        static Content empty() {
            return of(204, new byte[0], null);
        }

        @Override
        public Content with(Map<String, String> more) {
            return new Content(status, union(headers, more), body, contentType);
        }

        Content with(String header, String value) {
            return with(Map.of(header, value));
        }

        /** Returns the status; never the body or the cookie. */
        @Override
        public String toString() {
            return "Content[" + status + "]";
        }
    }

    /**
     * The head of an event stream, with status 200, and the stream that follows it. It listens already, so whoever gets
     * this either begins it with {@link EventStream#start} or ends it with {@link EventStream#abort}.
     *
     * @param stream what follows the head
     * @param headers the headers other than {@link #CONTENT_TYPE}
     */
    record Stream(EventStream stream, Map<String, String> headers) implements ApiResponse {

        /** What the stream's {@code Content-Type} is. */
        public static final String CONTENT_TYPE = "text/event-stream;charset=utf-8";

        /** The last one keeps a proxy from holding events back. */
        private static final Map<String, String> ALWAYS = Map.of(
                "Cache-Control",
                "no-store, no-transform",
                "X-Content-Type-Options",
                "nosniff",
                "X-Accel-Buffering",
                "no");

        Stream(EventStream stream) {
            this(stream, ALWAYS);
        }

        @Override
        public Stream with(Map<String, String> more) {
            return new Stream(stream, union(headers, more));
        }
    }

    private static Map<String, String> union(Map<String, String> some, Map<String, String> more) {
        if (more.isEmpty()) {
            return some;
        }
        Map<String, String> all = new LinkedHashMap<>(some);
        all.putAll(more);
        return Map.copyOf(all);
    }
}
