package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.AdmissionChanged;
import io.github.ephemeralchat.model.RoomEvent.DeadlineMoved;
import io.github.ephemeralchat.model.RoomEvent.MessageClaimed;
import io.github.ephemeralchat.model.RoomEvent.MessageForgotten;
import io.github.ephemeralchat.model.RoomEvent.NoticePosted;
import io.github.ephemeralchat.model.RoomEvent.PropertyChanged;
import io.github.ephemeralchat.model.RoomEvent.RoleChanged;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a log's entries mean. */
public final class EventCodec {

    private EventCodec() {}

    /** Null for what this version does not know: a newer node may write to the same room. */
    static @Nullable SharedEvent decode(LogEntry entry) {
        RoomEvent event = event(entry);
        return event == null ? null : new EncodedOnce(event);
    }

    /** The same for an entry whose objects nothing else refers to, since it came from another process. */
    static @Nullable SharedEvent decodeReceived(LogEntry entry) {
        RoomEvent event = event(entry);
        return event == null ? null : EncodedOnce.flattened(event);
    }

    private static @Nullable RoomEvent event(LogEntry entry) {
        return switch (entry.kind()) {
            case LogEntry.MESSAGE -> entry.key() == null ? null : messagePosted(entry);
            case LogEntry.NOTICE -> entry.key() == null ? null : new NoticePosted(entry.id(), message(entry));
            case LogEntry.LEFT -> new RoomEvent.ParticipantLeft(entry.id(), entry.sender(), entry.at());
            case LogEntry.JOINED,
                    LogEntry.DEADLINE,
                    LogEntry.ADMISSION,
                    LogEntry.ROLE,
                    LogEntry.PROPERTY,
                    LogEntry.FORGOTTEN,
                    LogEntry.CLAIMED -> changed(entry);
            default -> entry.key() == null || !CustomEntry.isValidKind(entry.kind()) ? null : entryPosted(entry);
        };
    }

    /** Null for a body that this version does not understand. */
    private static @Nullable RoomEvent changed(LogEntry entry) {
        Identity by = entry.sender().id().equals(Identity.HOST_ID) ? null : entry.sender();
        String body = entry.body();
        try {
            return switch (entry.kind()) {
                case LogEntry.JOINED -> joined(entry, body.split("\n", 2));
                case LogEntry.DEADLINE -> new DeadlineMoved(entry.id(), Instant.ofEpochMilli(Long.parseLong(body)), by);
                case LogEntry.ADMISSION ->
                    new AdmissionChanged(entry.id(), body.charAt(0) == '1', body.charAt(1) == '1', by);
                case LogEntry.ROLE -> roleChanged(entry, body.split("\n", 3), by);
                case LogEntry.FORGOTTEN -> forgotten(entry, body.split(" ", 2));
                case LogEntry.CLAIMED -> claimed(entry, body.split(" ", 2));
                default -> propertyChanged(entry, body.split("=", 2), by);
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static RoomEvent joined(LogEntry entry, String[] parts) {
        String profile = parts.length == 1 ? null : parts[1];
        Participant participant = new Participant(entry.sender(), Role.of(parts[0]), profile);
        return new RoomEvent.ParticipantJoined(entry.id(), participant, entry.at());
    }

    private static RoomEvent roleChanged(LogEntry entry, String[] parts, @Nullable Identity by) {
        Participant participant = new Participant(new Identity(parts[1], parts[2]), Role.of(parts[0]));
        return new RoleChanged(entry.id(), participant, by);
    }

    private static RoomEvent propertyChanged(LogEntry entry, String[] parts, @Nullable Identity by) {
        return new PropertyChanged(entry.id(), parts[0], parts.length == 1 ? null : parts[1], by);
    }

    private static RoomEvent forgotten(LogEntry entry, String[] parts) {
        return new MessageForgotten(entry.id(), Long.parseLong(parts[0]), Forgotten.of(parts[1]));
    }

    private static RoomEvent claimed(LogEntry entry, String[] parts) {
        return new MessageClaimed(entry.id(), Long.parseLong(parts[0]), entry.sender(), Integer.parseInt(parts[1]));
    }

    /** The same for an entry that is known to be a message, a notice, or of a kind of the host's. */
    public static SharedEvent posted(LogEntry entry) {
        RoomEvent event = switch (entry.kind()) {
            case LogEntry.MESSAGE -> messagePosted(entry);
            case LogEntry.NOTICE -> new NoticePosted(entry.id(), message(entry));
            default -> entryPosted(entry);
        };
        return new EncodedOnce(event);
    }

    private static RoomEvent.EntryPosted entryPosted(LogEntry entry) {
        return new RoomEvent.EntryPosted(
                entry.id(),
                new CustomEntry(
                        Objects.requireNonNull(entry.key(), "what was posted has an id"),
                        entry.id().sequence(),
                        entry.kind(),
                        entry.sender(),
                        entry.body(),
                        entry.at(),
                        entry.life()));
    }

    private static RoomEvent.MessagePosted messagePosted(LogEntry entry) {
        return new RoomEvent.MessagePosted(entry.id(), message(entry));
    }

    public static Message message(LogEntry entry) {
        String id = Objects.requireNonNull(entry.key(), "a message has an id");
        return new Message(id, entry.id().sequence(), entry.sender(), entry.body(), entry.at(), entry.life());
    }
}
