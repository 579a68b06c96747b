package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.feed.EventCodec;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds what was posted a short while ago under the same id. Looks at the newest entries alone: whoever repeats a post does so
 * soon, and a message that a guard refuses was as a rule never stored.
 */
record StoredMessages(RoomStore store) {

    private static final int PAGE = 500;

    Optional<PostResult> find(Seat author, String kind, String messageId) {
        RoomIncarnation room = author.room().incarnation();
        Identity sender = author.member().identity();
        try {
            long end = author.head().sequence();
            return read(room, Math.max(0, end - PAGE), end, entry -> isSame(entry, sender, kind, messageId))
                    .map(entry -> result(author, entry));
        } catch (RoomNotFoundException e) {
            return Optional.empty(); // Whoever posts is told of the refusal, and of the end by the stream.
        }
    }

    private static boolean isSame(LogEntry entry, Identity sender, String kind, String messageId) {
        return messageId.equals(entry.key())
                && entry.kind().equals(kind)
                && entry.sender().id().equals(sender.id());
    }

    private static PostResult result(Seat author, LogEntry entry) {
        return new PostResult(
                author.room().incarnation(),
                EventCodec.posted(entry),
                false,
                Long.MAX_VALUE, // Not known, and nothing was added.
                author.room().expiresAt());
    }

    /** Reads what is after one sequence up to another, in pages that may be short. */
    private Optional<LogEntry> read(RoomIncarnation room, long after, long end, Predicate<LogEntry> wanted) {
        for (long at = after; at < end; ) {
            LogPage page = store.readAfter(room, EntryId.at(at), (int) (end - at));
            for (LogEntry entry : page.entries()) {
                if (wanted.test(entry)) {
                    return Optional.of(entry);
                }
                at = entry.id().sequence();
            }
            if (page.entries().isEmpty()) {
                break;
            }
        }
        return Optional.empty();
    }
}
