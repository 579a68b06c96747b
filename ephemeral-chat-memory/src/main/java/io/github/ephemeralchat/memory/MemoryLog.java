package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The newest entries of a room's log. Not thread-safe: the room's lock guards it. */
final class MemoryLog {

    private final LogLimits limits;
    private final MemoryBudget.Account account;
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
    private final Map<DraftKey, LogEntry> byKey = new HashMap<>();
    private EntryId head = EntryId.START;
    private long textBytes;

    /** What makes a repeated append known; without a {@code toString} that would show the key. */
    private record DraftKey(String memberId, @Nullable String key) {
        @Override
        public String toString() {
            return "DraftKey[...]";
        }
    }

    MemoryLog(LogLimits limits, MemoryBudget.Account account) {
        this.limits = limits;
        this.account = account;
    }

    EntryId head() {
        return head;
    }

    /** What {@link io.github.ephemeralchat.spi.Appended#logBytes()} says. */
    long bytes() {
        return textBytes + (long) entries.size() * LogEntry.OVERHEAD_BYTES;
    }

    /** Finds what a member has appended under a key, as long as the log keeps it. */
    Optional<LogEntry> find(String memberId, String key) {
        return Optional.ofNullable(byKey.get(new DraftKey(memberId, key)));
    }

    /**
     * Appends an entry, and drops the oldest beyond the limits.
     *
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full, unless the entry frees
     *     a seat: that is never refused
     */
    LogEntry append(String kind, Identity sender, @Nullable String key, String body, Instant at) {
        // The nonce tells two histories apart and guards nothing: it need not be hard to guess, only cheap.
        EntryId next =
                new EntryId(head.sequence() + 1, ThreadLocalRandom.current().nextLong(1, 1L << 32));
        LogEntry entry = new LogEntry(next, kind, sender, key, body, at);
        if (kind.equals(LogEntry.LEFT)) {
            account.takeAnyway(MemoryBudget.bytes(entry));
        } else {
            account.take(MemoryBudget.bytes(entry));
        }
        head = next;
        entries.put(head.sequence(), entry);
        textBytes += entry.size();
        if (key != null) {
            byKey.put(new DraftKey(sender.id(), key), entry);
        }
        trim();
        return entry;
    }

    private void trim() {
        while (entries.size() > limits.maxEntries() || (textBytes > limits.maxTextBytes() && entries.size() > 1)) {
            LogEntry oldest = entries.pollFirstEntry().getValue();
            textBytes -= oldest.size();
            account.give(MemoryBudget.bytes(oldest));
            byKey.remove(new DraftKey(oldest.sender().id(), oldest.key()));
        }
    }

    LogPage page(EntryId after, int limit) {
        Continuity continuity = continuity(after);
        long from = continuity == Continuity.CONTINUOUS ? after.sequence() : 0;
        List<LogEntry> page =
                entries.tailMap(from, false).values().stream().limit(limit).toList();
        return new LogPage(continuity, page, head);
    }

    private Continuity continuity(EntryId after) {
        LogEntry there = entries.get(after.sequence());
        if (there != null) {
            return after.isUnverified() || there.id().equals(after) ? Continuity.CONTINUOUS : Continuity.FORKED;
        }
        if (after.sequence() > head.sequence()) {
            return Continuity.FORKED;
        }
        boolean justBelow = after.isUnverified() && after.sequence() == entries.firstKey() - 1;
        return justBelow ? Continuity.CONTINUOUS : Continuity.TRUNCATED;
    }
}
