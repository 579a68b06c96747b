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

/**
 * Finds what was posted earlier under the same id. Reads the log backwards, since whoever repeats a post does so soon: as a
 * rule one read.
 */
record StoredMessages(RoomStore store) {

    private static final int PAGE = 500;

    Optional<PostResult> find(Seat author, String messageId) {
        RoomIncarnation room = author.room().incarnation();
        Identity sender = author.member().identity();
        try {
            for (long end = author.head().sequence(); end > 0; end -= PAGE) {
                Window window = read(room, Math.max(0, end - PAGE), end, sender, messageId);
                if (window.found.isPresent() || window.isFirst) {
                    return window.found.map(entry -> result(author, entry));
                }
            }
        } catch (RoomNotFoundException e) {
            return Optional.empty(); // Whoever posts is told of the refusal, and of the end by the stream.
        }
        return Optional.empty();
    }

    private static PostResult result(Seat author, LogEntry entry) {
        return new PostResult(
                author.room().incarnation(),
                EventCodec.posted(entry),
                false,
                0,
                author.room().expiresAt());
    }

    /**
     * A part of the log.
     *
     * @param found the message, if it is there
     * @param isFirst whether nothing before is kept
     */
    private record Window(Optional<LogEntry> found, boolean isFirst) {}

    /** Reads what is after one sequence up to another, in pages that may be short. */
    private Window read(RoomIncarnation room, long after, long end, Identity sender, String messageId) {
        boolean isFirst = after == 0;
        for (long at = after; at < end; ) {
            LogPage page = store.readAfter(room, EntryId.at(at), (int) (end - at));
            isFirst |= page.continuity() != LogPage.Continuity.CONTINUOUS;
            for (LogEntry entry : page.entries()) {
                if (messageId.equals(entry.key())
                        && entry.kind().equals(LogEntry.MESSAGE)
                        && entry.sender().id().equals(sender.id())) {
                    return new Window(Optional.of(entry), isFirst);
                }
                at = entry.id().sequence();
            }
            if (page.entries().isEmpty()) {
                break;
            }
        }
        return new Window(Optional.empty(), isFirst);
    }
}
