package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries of a room's log. Not thread-safe: the room's lock guards it.
 *
 * <p>The entries lie in a ring whose length is a power of two. Sequences have no holes, so that the low bits of a
 * sequence are its slot, and neither reading nor trimming ever moves an entry.
 */
final class MemoryLog {

    private static final int FIRST_LENGTH = 8;

    private final LogLimits limits;
    private final Map<DraftKey, LogEntry> byKey = new HashMap<>();
    private @Nullable LogEntry[] ring = new LogEntry[FIRST_LENGTH];
    private long firstSequence = 1;
    private EntryId head = EntryId.START;
    private long textBytes;

    MemoryLog(LogLimits limits) {
        this.limits = limits;
    }

    EntryId head() {
        return head;
    }

    /** Finds what a member has appended under a key, as long as the log keeps it. */
    Optional<LogEntry> find(String memberId, String key) {
        return Optional.ofNullable(byKey.get(new DraftKey(memberId, key)));
    }

    LogEntry append(String kind, Identity sender, @Nullable String key, String body, Instant at) {
        LogEntry entry = new LogEntry(nextId(), kind, sender, key, body, at);
        textBytes += entry.size();
        put(entry);
        if (key != null) {
            byKey.put(new DraftKey(sender.id(), key), entry);
        }
        while (isOverLimits()) {
            trimOldest();
        }
        return entry;
    }

    private void put(LogEntry entry) {
        if (size() == ring.length) {
            grow();
        }
        ring[slot(entry.id().sequence())] = entry;
        head = entry.id();
    }

    LogPage page(EntryId after, int limit) {
        Continuity continuity = continuity(after);
        long from = continuity == Continuity.CONTINUOUS ? after.sequence() + 1 : firstSequence;
        long to = Math.min(head.sequence(), from + limit - 1);
        return new LogPage(
                continuity,
                LongStream.rangeClosed(from, to).mapToObj(this::entry).toList(),
                head);
    }

    private Continuity continuity(EntryId after) {
        if (after.sequence() > head.sequence()) {
            return Continuity.FORKED;
        }
        if (after.sequence() >= firstSequence) {
            return isHere(after) ? Continuity.CONTINUOUS : Continuity.FORKED;
        }
        boolean nothingBetween = after.sequence() == firstSequence - 1;
        return nothingBetween && after.isUnverified() ? Continuity.CONTINUOUS : Continuity.TRUNCATED;
    }

    private boolean isHere(EntryId id) {
        return id.isUnverified() || entry(id.sequence()).id().equals(id);
    }

    private EntryId nextId() {
        // The nonce tells two histories apart and guards nothing: it need not be hard to guess, only cheap.
        long nonce = ThreadLocalRandom.current().nextLong(1, 1L << 32);
        return new EntryId(head.sequence() + 1, nonce);
    }

    private boolean isOverLimits() {
        return size() > limits.maxEntries() || (textBytes > limits.maxTextBytes() && size() > 1);
    }

    private void trimOldest() {
        LogEntry oldest = entry(firstSequence);
        ring[slot(firstSequence)] = null;
        firstSequence++;
        textBytes -= oldest.size();
        if (oldest.key() != null) {
            byKey.remove(new DraftKey(oldest.sender().id(), oldest.key()));
        }
    }

    private void grow() {
        @Nullable LogEntry[] smaller = ring;
        ring = new LogEntry[smaller.length * 2];
        for (LogEntry entry : smaller) {
            ring[slot(Objects.requireNonNull(entry).id().sequence())] = entry;
        }
    }

    private LogEntry entry(long sequence) {
        return Objects.requireNonNull(ring[slot(sequence)]);
    }

    private int slot(long sequence) {
        return (int) (sequence & (ring.length - 1));
    }

    private int size() {
        return (int) (head.sequence() - firstSequence + 1);
    }

    /** What makes a repeated append known; without a {@code toString} that would show the key. */
    private record DraftKey(String memberId, String key) {
        @Override
        public String toString() {
            return "DraftKey[...]";
        }
    }
}
