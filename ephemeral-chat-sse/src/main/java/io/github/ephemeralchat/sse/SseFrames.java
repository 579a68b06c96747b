package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.EntryId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The bytes of a Server-Sent Events stream, restricted to what all parsers agree on: {@code \n} line ends and one
 * {@code data:} line of JSON, in which no line end can stand.
 */
final class SseFrames {

    static final byte[] HEARTBEAT = bytes(":\n\n");
    static final byte[] REPLACED = bytes("event: replaced\ndata: {}\n\n");

    private static final byte[] END = bytes("\n\n");

    private static final int MIN_RETRY_MILLIS = 1_000;
    private static final int MAX_RETRY_MILLIS = 4_000;

    private SseFrames() {}

    /**
     * An encoded event: to encode it once serves the streams and the response to whoever posted it.
     *
     * @param bytes what a stream writes, never changed
     * @param jsonStart the index of the first byte of its JSON
     * @param jsonEnd the index after the last one
     */
    record Frame(@SuppressWarnings("ArrayRecordComponent") byte[] bytes, int jsonStart, int jsonEnd) {

        /** {@return a copy of the JSON alone} */
        byte[] json() {
            return Arrays.copyOfRange(bytes, jsonStart, jsonEnd);
        }
    }

    /** What every stream begins with: it makes the head go out, and tells the client when to come back. */
    static String opening() {
        return ": open\n" + retry();
    }

    static String ready(EntryId head) {
        return "id: " + head + "\nevent: ready\ndata: {}\n\n";
    }

    /** No event of the log: the client's place stays as it is. */
    static byte[] expiring(Instant expiresAt, long secondsLeft) {
        return frame("event: expiring\ndata: ", JsonCodec.expiring(expiresAt, secondsLeft))
                .bytes();
    }

    /** What a stream ends with if the node goes away and the room lives on. */
    static byte[] goingAway() {
        return bytes(retry());
    }

    /** Jittered, so that the clients of a node that went away do not come back all at once. */
    private static String retry() {
        return "retry: " + ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS) + "\n\n";
    }

    /** Only entries of the log have an id: nothing else moves the client's cursor. */
    static Frame logged(EntryId id, String type, JsonCodec.Fields data) {
        return frame("id: " + id + "\nevent: " + type + "\ndata: ", data);
    }

    static Frame frame(String head, JsonCodec.Fields data) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(JsonCodec.USUAL_BYTES);
        frame.writeBytes(bytes(head));
        int jsonStart = frame.size();
        JsonCodec.write(data, frame);
        int jsonEnd = frame.size();
        frame.writeBytes(END);
        return new Frame(frame.toByteArray(), jsonStart, jsonEnd);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
