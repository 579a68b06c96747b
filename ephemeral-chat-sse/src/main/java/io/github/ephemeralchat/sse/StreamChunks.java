package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a stream writes next: its opening, the events of its subscription, and what is told beside them. Used by the stream's
 * task alone, but for {@link #isWarningDue}, which is the ticker's.
 */
final class StreamChunks {

    private static final int CHUNK_BYTES = 16 << 10;
    private static final int POLL = 4;
    private static final byte[] NOTHING = {};

    private final Subscription from;
    private final RoomFrames frames;
    private final Supplier<Instant> now;
    private final ExpiryWarnings warnings = new ExpiryWarnings();

    private byte @Nullable [] opening;

    /** The place that {@code ready} is to name once everything before it is written; null if it was. */
    private @Nullable EntryId unready;

    /** Whether an event of the log was taken. */
    private boolean logged;

    /** Set by the ticker, and for a stream that begins. */
    private volatile boolean warningDue = true;

    /**
     * Creates the chunks of a stream that begins.
     *
     * @param frames makes the frames
     * @param readyFirst whether the stream has caught up before anything else
     * @param now the store's time
     */
    StreamChunks(Subscription from, RoomFrames frames, boolean readyFirst, Supplier<Instant> now) {
        this.from = from;
        this.frames = frames;
        this.now = now;
        EntryId start = from.startedAfter();
        this.opening = SseFrames.bytes(SseFrames.opening() + (readyFirst ? SseFrames.ready(start) : ""));
        this.unready = readyFirst ? null : start;
    }

    boolean hasLogged() {
        return logged;
    }

    /** Whether the stream is to say that the room ends soon; if so, it is said by the next call of {@link #besideTheLog}. */
    boolean isWarningDue(Instant time) {
        if (!warnings.isDue(from.expiresAt(), time)) {
            return false;
        }
        warningDue = true;
        return true;
    }

    /** What comes before all else; null if it was taken. */
    byte @Nullable [] opening() {
        byte[] first = opening;
        opening = null;
        // Of a stream that begins live this says that it has caught up.
        return first == null || unready != null ? first : followed(first);
    }

    /** What a stream that has caught up says of itself: once that it has, and then that the room ends soon. */
    byte @Nullable [] besideTheLog() {
        EntryId caughtUp = unready;
        if (caughtUp != null) {
            unready = null;
            return followed(SseFrames.bytes(SseFrames.ready(caughtUp)));
        }
        byte[] warning = null;
        if (warningDue) {
            warningDue = false;
            warning = warnings.take(from.expiresAt(), now.get());
        }
        byte[] chunk = followed(warning == null ? NOTHING : warning);
        return chunk.length == 0 ? null : chunk;
    }

    /** Some bytes, and after them others' cues and who is present, if there is news of that. */
    private byte[] followed(byte[] first) {
        List<SharedEvent> beside = from.pollBesideLog();
        if (beside.isEmpty()) {
            return first;
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(1024);
        chunk.writeBytes(first);
        beside.forEach(event -> chunk.writeBytes(frame(event)));
        return chunk.toByteArray();
    }

    /** As many frames as fit a chunk; a single one is passed on as the array that all streams share. */
    byte @Nullable [] events() {
        List<SharedEvent> polled = from.poll(POLL);
        if (polled.size() < 2) {
            return polled.isEmpty() ? null : frame(polled.get(0));
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(1024);
        while (!polled.isEmpty()) {
            polled.forEach(event -> chunk.writeBytes(frame(event)));
            polled = chunk.size() < CHUNK_BYTES ? from.poll(POLL) : List.of();
        }
        return chunk.toByteArray();
    }

    private byte[] frame(SharedEvent event) {
        if (event.event() instanceof RoomEvent.Logged entry) {
            logged = true;
            if (unready != null) {
                unready = entry.entryId();
            }
        }
        return event.encoded(frames).bytes();
    }
}
