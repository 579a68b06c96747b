package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * The bytes of a Server-Sent Events stream, restricted to what all parsers agree on: {@code \n} line ends and one
 * {@code data:} line of JSON, in which no line end can stand.
 */
final class SseFrames {

    /** One object, so that what it encodes for one stream serves the others. */
    static final Function<RoomEvent, Frame> ENCODER = SseFrames::encode;

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

    private static Frame encode(RoomEvent event) {
        if (event instanceof RoomEvent.MessagePosted posted) {
            return logged(posted.entryId(), "message", JsonCodec.message(posted.message()));
        }
        if (event instanceof RoomEvent.NoticePosted notice) {
            return logged(notice.entryId(), "notice", JsonCodec.message(notice.message()));
        }
        if (event instanceof RoomEvent.ParticipantJoined joined) {
            EntryId id = joined.entryId();
            return logged(id, "joined", JsonCodec.joined(id.sequence(), joined.participant(), joined.at()));
        }
        if (event instanceof RoomEvent.ParticipantLeft left) {
            EntryId id = left.entryId();
            return logged(id, "left", JsonCodec.left(id.sequence(), left.identity(), left.at()));
        }
        return event instanceof RoomEvent.Logged logged ? changed(logged) : unlogged(event);
    }

    private static Frame changed(RoomEvent.Logged event) {
        if (event instanceof RoomEvent.DeadlineMoved moved) {
            return logged(moved.entryId(), "deadline", JsonCodec.deadlineMoved(moved));
        }
        if (event instanceof RoomEvent.AdmissionChanged admission) {
            return logged(admission.entryId(), "admission", JsonCodec.admissionChanged(admission));
        }
        if (event instanceof RoomEvent.RoleChanged role) {
            return logged(role.entryId(), "role", JsonCodec.roleChanged(role));
        }
        if (event instanceof RoomEvent.PropertyChanged property) {
            return logged(property.entryId(), "property", JsonCodec.propertyChanged(property));
        }
        throw withoutFrame(event);
    }

    private static Frame unlogged(RoomEvent event) {
        if (event instanceof RoomEvent.HistoryReset reset) {
            return frame("event: reset\ndata: ", JsonCodec.reset(reset.reason(), reset.firstSequence()));
        }
        if (event instanceof RoomEvent.RoomDestroyed destroyed) {
            return frame("event: destroyed\ndata: ", JsonCodec.destroyed(destroyed.reason()));
        }
        throw withoutFrame(event);
    }

    private static IllegalStateException withoutFrame(RoomEvent event) {
        return new IllegalStateException(
                "an event without a frame: " + event.getClass().getName());
    }

    /** Only entries of the log have an id: nothing else moves the client's cursor. */
    private static Frame logged(EntryId id, String type, JsonCodec.Fields data) {
        return frame("id: " + id + "\nevent: " + type + "\ndata: ", data);
    }

    private static Frame frame(String head, JsonCodec.Fields data) {
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
