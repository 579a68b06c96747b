package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.EntryId;
import java.util.List;

/**
 * A stretch of a room's log.
 *
 * @param continuity whether the entries continue the place that was asked for
 * @param entries ascending, without holes; from the oldest that is kept if they do not continue that place
 * @param head the id of the log's newest entry at that moment
 */
public record LogPage(Continuity continuity, List<LogEntry> entries, EntryId head) {

    /** How the entries of a page relate to the place that was asked for. */
    public enum Continuity {
        /** The first entry is the one after that place, or nothing is after it. */
        CONTINUOUS,
        /** Entries after that place are no longer kept, or its id can no longer be verified. */
        TRUNCATED,
        /** That place is not in this history. */
        FORKED
    }

    /** Copies the list. */
    public LogPage {
        entries = List.copyOf(entries);
    }

    /** {@return the sequence of the first entry; of the next that will be appended if the page is empty} */
    public long firstSequence() {
        return entries.isEmpty() ? head.sequence() + 1 : entries.get(0).id().sequence();
    }

    /** {@return whether the page reaches the log's end} */
    public boolean isLast() {
        return entries.isEmpty() || entries.get(entries.size() - 1).id().sequence() >= head.sequence();
    }
}
