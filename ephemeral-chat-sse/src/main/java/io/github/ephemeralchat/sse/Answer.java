package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.RoomId;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link ChatApi} tells the server to do. */
sealed interface Answer {

    /** What every answer carries. */
    Map<String, String> ALWAYS = Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    /** The headers to set, other than {@code Content-Type}. */
    Map<String, String> headers();

    /** The same answer with more headers. */
    Answer with(Map<String, String> more);

    /**
     * A whole answer.
     *
     * @param status the HTTP status
     * @param headers the headers other than {@code Content-Type}
     * @param body the bytes, not to be changed; empty where there is no body
     * @param contentType null where there is no body
     */
    record Content(
            int status,
            Map<String, String> headers,
            @SuppressWarnings("ArrayRecordComponent") byte[] body,
            @Nullable String contentType)
            implements Answer {

        private static final byte[] NO_BYTES = {};

        static Content json(int status, String json) {
            return of(status, json.getBytes(StandardCharsets.UTF_8), "application/json");
        }

        static Content of(int status, byte[] body, String contentType) {
            return new Content(status, ALWAYS, body, contentType);
        }

        static Content empty() {
            return new Content(204, ALWAYS, NO_BYTES, null);
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
     * Open a stream for a participant whose token has just been checked.
     *
     * @param room the room
     * @param token the participant's token
     * @param participantId the participant
     * @param start where to begin
     * @param headers the headers to set first; the stream may replace them by its own
     */
    record OpenStream(RoomId room, String token, String participantId, StreamStart start, Map<String, String> headers)
            implements Answer {

        OpenStream(RoomId room, String token, String participantId, StreamStart start) {
            this(room, token, participantId, start, ALWAYS);
        }

        @Override
        public OpenStream with(Map<String, String> more) {
            return new OpenStream(room, token, participantId, start, union(headers, more));
        }

        /** Returns the room's masked code; never the token. */
        @Override
        public String toString() {
            return "OpenStream[" + room + "]";
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
