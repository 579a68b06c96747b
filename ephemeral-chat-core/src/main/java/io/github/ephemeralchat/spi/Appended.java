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
 * @param announced whether the signal was already sent to every node: by the step that stored the entry, or by this call
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

    /**
     * Returns the signal for the other nodes: with the entry, or with its place alone if an earlier call has stored it. Those
     * that have it already then read nothing.
     *
     * @return the signal
     */
    public RoomSignal.EntryAppended signal() {
        return stored
                ? new RoomSignal.EntryAppended(room, entry.id(), previous, entry)
                : new RoomSignal.EntryAppended(room, entry.id(), EntryId.START, null);
    }
}
