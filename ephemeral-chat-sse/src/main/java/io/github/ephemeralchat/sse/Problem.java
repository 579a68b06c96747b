package io.github.ephemeralchat.sse;

import java.util.Locale;

/** Every error that the API responds with, as RFC 9457 has it. The code is the part that clients rely on. */
enum Problem {
    INVALID_REQUEST(400, "Bad Request", "The request is not valid."),
    INVALID_JSON(400, "Bad Request", "The body is not one JSON value in UTF-8 without duplicate keys."),
    UNAUTHORIZED(401, "Unauthorized", "A valid token of this room is needed."),
    CROSS_SITE(403, "Forbidden", "The request comes from a page of another site."),
    FORBIDDEN(403, "Forbidden", "The caller may not do this."),
    ROOM_LOCKED(403, "Forbidden", "The room takes nobody who has no seat yet."),
    WRONG_PROOF(403, "Forbidden", "Whoever takes a new seat has to bring the room's proof."),
    REFUSED(403, "Forbidden", "The host does not take this message."),
    ROOM_NOT_FOUND(404, "Not Found", "There is no such room."),
    MESSAGE_NOT_FOUND(404, "Not Found", "The room's log has no such message there."),
    NOT_FOUND(404, "Not Found", "There is no such resource."),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed", "The resource does not know this method."),
    ROOM_FULL(409, "Conflict", "All seats of the room are taken."),
    TOO_LATE(409, "Conflict", "The room ends in less than 60 seconds."),
    FORGOTTEN(410, "Gone", "The text is forgotten."),
    PAYLOAD_TOO_LARGE(413, "Content Too Large", "A body has at most 64 KiB."),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type", "A body is application/json in UTF-8."),
    RATE_LIMITED(429, "Too Many Requests", "Too many requests; try again later."),
    LIMIT_EXCEEDED(429, "Too Many Requests", "A limit of this server is reached."),
    INTERNAL(500, "Internal Server Error", "The server failed."),
    UNAVAILABLE(503, "Service Unavailable", "The rooms cannot be reached; try again.");

    static final String CONTENT_TYPE = "application/problem+json";

    final int status;
    private final String title;
    private final String detail;

    /** The response with the usual detail, made once. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes its bytes
    final ApiResponse response;

    Problem(int status, String title, String detail) {
        this.status = status;
        this.title = title;
        this.detail = detail;
        this.response = response(detail);
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The response with a detail of its own.
     *
     * @param detail the broken rule; a constant of this library, never anything that somebody sent
     */
    ApiResponse response(String detail) {
        return ApiResponse.of(status, JsonCodec.bytes(JsonCodec.problem(title, status, code(), detail)), CONTENT_TYPE);
    }

    /**
     * The response to somebody whom a room does not take in. It says of the room what the next attempt depends on.
     *
     * @param encrypted whether the room's texts are opaque
     */
    ApiResponse ofRoom(boolean encrypted) {
        JsonCodec.Fields problem = JsonCodec.problem(title, status, code(), detail);
        return ApiResponse.of(status, JsonCodec.bytes(JsonCodec.ofRoom(problem, encrypted)), CONTENT_TYPE);
    }

    /**
     * The response to a message that the host does not take.
     *
     * @param reason the host's word for it
     */
    static ApiResponse refused(String reason) {
        JsonCodec.Fields problem = JsonCodec.problem(REFUSED.title, REFUSED.status, REFUSED.code(), REFUSED.detail);
        return ApiResponse.of(REFUSED.status, JsonCodec.bytes(JsonCodec.withReason(problem, reason)), CONTENT_TYPE);
    }

    /**
     * The response to what is no request of HTTP, or breaks one of its rules.
     *
     * @param title what the status is called
     */
    static ApiResponse malformed(int status, String title) {
        String detail = "The request is not one that this server takes.";
        return ApiResponse.of(
                status,
                JsonCodec.bytes(JsonCodec.problem(title, status, INVALID_REQUEST.code(), detail)),
                CONTENT_TYPE);
    }
}
