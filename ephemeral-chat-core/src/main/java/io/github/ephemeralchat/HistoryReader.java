package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.feed.EventCodec;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomStore;
import java.util.ArrayList;
import java.util.List;

/** Reads pages of messages and notices from a log in which there are other entries too. */
record HistoryReader(RoomStore store) {

    /** Enough for every page of ordinary messages; what is made of a page stays small beside a node's memory. */
    private static final int MAX_TEXT = 512 << 10;
    /** A room of joins and leaves alone must not make one request read the whole log: the next page goes on. */
    private static final int MAX_READS = 4;
    /** Joins and leaves lie between the messages: to ask for one message takes more than one entry. */
    private static final int MIN_READ = 32;

    private static final int MAX_READ = 500;

    HistoryPage read(RoomIncarnation room, long after, int limit) {
        List<Message> messages = new ArrayList<>();
        long at = after;
        int textLength = 0;
        boolean truncated = false;
        boolean full = false;
        for (int read = 1; ; read++) {
            LogPage page = store.readAfter(room, EntryId.at(at), read == 1 ? Math.max(limit, MIN_READ) : MAX_READ);
            truncated |= page.continuity() != LogPage.Continuity.CONTINUOUS;
            for (int i = 0; i < page.entries().size() && !full; i++) {
                LogEntry entry = page.entries().get(i);
                at = entry.id().sequence();
                if (isText(entry)) {
                    messages.add(EventCodec.message(entry));
                    textLength += entry.body().length();
                    full = messages.size() == limit || textLength >= MAX_TEXT;
                }
            }
            if (full || page.isLast() || read == MAX_READS) {
                return new HistoryPage(messages, at, page.head().sequence(), truncated);
            }
        }
    }

    /** A text without a key is no version's that this one knows. */
    private static boolean isText(LogEntry entry) {
        return entry.key() != null
                && (entry.kind().equals(LogEntry.MESSAGE) || entry.kind().equals(LogEntry.NOTICE));
    }
}
