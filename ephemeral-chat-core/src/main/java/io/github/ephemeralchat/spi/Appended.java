package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.time.Instant;

/**
 * The answer to a write that appended an entry, or found it there already.
 *
 * @param room the incarnation of the room that the entry belongs to
 * @param entry the entry as it is in the log
 * @param previous the id of the entry before it, {@link EntryId#START} for the first; of no meaning if nothing was
 *     stored
 * @param stored whether this call stored it; false if an earlier call with the same key had
 * @param announced whether the store has already sent {@link #signal()} to every node
 * @param logBytes what the log counts after that step: of each entry {@link LogEntry#size()} and
 *     {@value LogEntry#OVERHEAD_BYTES} bytes more
 * @param expiresAt the room's deadline
 */
public record Appended(
        RoomIncarnation room,
        LogEntry entry,
        EntryId previous,
        boolean stored,
        boolean announced,
        long logBytes,
        Instant expiresAt) {

    /** {@return the signal for the other nodes, with the entry} */
    public RoomSignal.EntryAppended signal() {
        return new RoomSignal.EntryAppended(room, entry.id(), previous, entry);
    }
}
