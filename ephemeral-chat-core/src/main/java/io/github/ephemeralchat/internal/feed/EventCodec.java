package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a log's entries mean. */
public final class EventCodec {

    private EventCodec() {}

    /** Null for what this version does not know: a newer node may write to the same room. */
    static @Nullable SharedEvent decode(LogEntry entry) {
        RoomEvent event = switch (entry.kind()) {
            case LogEntry.MESSAGE -> entry.key() == null ? null : messagePosted(entry);
            case LogEntry.JOINED -> new RoomEvent.ParticipantJoined(entry.id(), entry.sender(), entry.at());
            case LogEntry.LEFT -> new RoomEvent.ParticipantLeft(entry.id(), entry.sender(), entry.at());
            default -> null;
        };
        return event == null ? null : new EncodedOnce(event);
    }

    /** The same for an entry that is known to be a message. */
    public static SharedEvent posted(LogEntry entry) {
        return new EncodedOnce(messagePosted(entry));
    }

    private static RoomEvent.MessagePosted messagePosted(LogEntry entry) {
        return new RoomEvent.MessagePosted(entry.id(), message(entry));
    }

    public static Message message(LogEntry entry) {
        String id = Objects.requireNonNull(entry.key(), "a message has an id");
        return new Message(id, entry.id().sequence(), entry.sender(), entry.body(), entry.at());
    }
}
