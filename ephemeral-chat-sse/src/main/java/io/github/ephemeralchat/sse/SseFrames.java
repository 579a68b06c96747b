package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.transport.SharedEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * The bytes of a Server-Sent Events stream, restricted to what all parsers agree on: {@code \n} line ends and one
 * {@code data:} line of JSON, in which no line end can stand.
 */
final class SseFrames {

    /** One object, so that what it made for one stream serves the others. */
    static final Function<RoomEvent, byte[]> ENCODER = SseFrames::encode;

    static final byte[] HEARTBEAT = bytes(":\n\n");
    static final byte[] REPLACED = bytes("event: replaced\ndata: {}\n\n");

    private static final byte[] END = bytes("\n\n");

    private static final int MIN_RETRY_MILLIS = 1_000;
    private static final int MAX_RETRY_MILLIS = 4_000;

    private SseFrames() {}

    /** What every stream begins with: it makes the head go out, and tells the client when to come back. */
    static String opening() {
        return ": open\nretry: " + retryMillis() + "\n\n";
    }

    static String ready(EntryId head) {
        return "id: " + head + "\nevent: ready\ndata: {}\n\n";
    }

    /** What a stream ends with where the node goes away and the room lives on. */
    static byte[] farewell() {
        return bytes("retry: " + retryMillis() + "\n\n");
    }

    /** Jittered, so that the clients of a node that went away do not come back all at once. */
    private static int retryMillis() {
        return ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS);
    }

    private static byte[] encode(RoomEvent event) {
        if (event instanceof RoomEvent.MessagePosted posted) {
            return logged(posted.entryId(), "message", JsonCodec.message(posted.message()));
        }
        if (event instanceof RoomEvent.ParticipantJoined joined) {
            long sequence = joined.entryId().sequence();
            byte[] data = JsonCodec.participantEvent(sequence, joined.identity(), joined.at());
            return logged(joined.entryId(), "joined", data);
        }
        if (event instanceof RoomEvent.ParticipantLeft left) {
            byte[] data = JsonCodec.participantEvent(left.entryId().sequence(), left.identity(), left.at());
            return logged(left.entryId(), "left", data);
        }
        if (event instanceof RoomEvent.HistoryReset reset) {
            return frame("event: reset\ndata: ", JsonCodec.reset(reset.reason(), reset.firstSequence()));
        }
        if (event instanceof RoomEvent.RoomDestroyed destroyed) {
            return frame("event: destroyed\ndata: ", JsonCodec.destroyed(destroyed.reason()));
        }
        throw new IllegalStateException(
                "an event without a frame: " + event.getClass().getName());
    }

    /** Only entries of the log have an id: nothing else moves the client's place. */
    private static byte[] logged(EntryId id, String type, byte[] data) {
        return frame("id: " + id + "\nevent: " + type + "\ndata: ", data);
    }

    private static byte[] frame(String head, byte[] data) {
        byte[] begin = bytes(head);
        byte[] frame = new byte[begin.length + data.length + END.length];
        System.arraycopy(begin, 0, frame, 0, begin.length);
        System.arraycopy(data, 0, frame, begin.length, data.length);
        System.arraycopy(END, 0, frame, begin.length + data.length, END.length);
        return frame;
    }

    /** The JSON of an event, of its frame: to encode it once serves those who listen and the one who posts. */
    static byte[] data(SharedEvent delivery) {
        byte[] frame = delivery.encoded(ENCODER);
        int json = 0;
        while (frame[json] != '{') {
            json++;
        }
        return Arrays.copyOfRange(frame, json, frame.length - END.length);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
