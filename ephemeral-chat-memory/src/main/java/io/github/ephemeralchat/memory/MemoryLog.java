package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries of a room's log, with what is kept of bodies that have to be claimed. Not thread-safe: the room's lock
 * guards it.
 */
final class MemoryLog {

    private final LogLimits limits;
    private final MemoryBudget.Account account;
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
    private final Map<DraftKey, Long> byKey = new HashMap<>();
    /** By sequence, of those entries that had claims when they were posted. */
    private final Map<Long, MemoryClaims> claims = new HashMap<>();
    /** When which bodies are to be dropped. */
    private final NavigableSet<End> ends =
            new TreeSet<>(Comparator.comparing(End::at).thenComparing(End::sequence));

    private EntryId head = EntryId.START;
    private long textBytes;

    /** What makes a repeated append known; without a {@code toString} that would show the key. */
    private record DraftKey(String memberId, @Nullable String key) {
        @Override
        public String toString() {
            return "DraftKey[...]";
        }
    }

    private record End(Instant at, long sequence) {}

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
        return Optional.ofNullable(byKey.get(new DraftKey(memberId, key))).map(entries::get);
    }

    /** Finds an entry that was posted, as long as the log keeps it. */
    Optional<LogEntry> posted(long sequence) {
        return Optional.ofNullable(entries.get(sequence)).filter(entry -> entry.key() != null);
    }

    /** {@return who has claimed an entry's body; nothing if it never had claims} */
    Optional<MemoryClaims> claims(LogEntry entry) {
        return Optional.ofNullable(claims.get(entry.id().sequence()));
    }

    /** Appends an entry whose body lives as long as the room. */
    Appended write(Room room, String kind, Identity sender, @Nullable String key, String body, Instant at) {
        return write(room, kind, sender, key, body, at, BodyLife.OF_THE_ROOM);
    }

    /** Appends an entry, and returns what the room's store answers. */
    Appended write(
            Room room, String kind, Identity sender, @Nullable String key, String body, Instant at, BodyLife life) {
        EntryId previous = head;
        return appended(room, append(kind, sender, key, body, at, life), previous, true);
    }

    /** What the room's store answers about an entry. */
    Appended appended(Room room, LogEntry entry, EntryId previous, boolean stored) {
        LogEntry shown = entry.shown(entry.life());
        return new Appended(room.incarnation(), shown, previous, stored, false, bytes(), room.expiresAt());
    }

    /**
     * Appends an entry, and drops the oldest beyond the limits.
     *
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full, unless the entry frees
     *     a seat or a body: that is never refused
     */
    LogEntry append(String kind, Identity sender, @Nullable String key, String body, Instant at, BodyLife life) {
        // The nonce tells two histories apart and guards nothing: it need not be hard to guess, only cheap.
        EntryId next =
                new EntryId(head.sequence() + 1, ThreadLocalRandom.current().nextLong(1, 1L << 32));
        LogEntry entry = new LogEntry(next, kind, sender, key, body, at, life);
        if (kind.equals(LogEntry.LEFT) || kind.equals(LogEntry.FORGOTTEN)) {
            account.takeAnyway(MemoryBudget.bytes(entry));
        } else {
            account.take(MemoryBudget.bytes(entry));
        }
        head = next;
        entries.put(head.sequence(), entry);
        textBytes += entry.size();
        if (key != null) {
            byKey.put(new DraftKey(sender.id(), key), head.sequence());
        }
        if (life.claimsLeft() != null) {
            claims.put(head.sequence(), new MemoryClaims(account));
        }
        if (life.expiresAt() != null) {
            ends.add(new End(life.expiresAt(), head.sequence()));
        }
        trim();
        return entry;
    }

    private void trim() {
        while (entries.size() > limits.maxEntries() || (textBytes > limits.maxTextBytes() && entries.size() > 1)) {
            LogEntry oldest = entries.pollFirstEntry().getValue();
            long sequence = oldest.id().sequence();
            textBytes -= oldest.size();
            account.give(MemoryBudget.bytes(oldest));
            byKey.remove(new DraftKey(oldest.sender().id(), oldest.key()));
            Optional.ofNullable(claims.remove(sequence)).ifPresent(MemoryClaims::close);
            if (oldest.life().expiresAt() != null) {
                ends.remove(new End(oldest.life().expiresAt(), sequence));
            }
        }
    }

    // ---- Bodies ----

    /** Gives an entry's body another life. */
    void change(LogEntry entry, BodyLife life) {
        LogEntry changed = life.forgotten() == null
                ? new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), entry.body(), entry.at(), life)
                : entry.shown(life);
        entries.put(entry.id().sequence(), changed);
        textBytes += changed.size() - entry.size();
        account.give(MemoryBudget.bytes(entry) - MemoryBudget.bytes(changed));
    }

    /** Keeps a body that all have claimed who could, as long as the last claim may be repeated. */
    void keep(LogEntry entry, MemoryClaims of, Instant now) {
        ends.add(new End(of.keep(entry.body(), now), entry.id().sequence()));
    }

    /** Drops the bodies whose time is over. */
    void forgetDue(Instant now) {
        while (!ends.isEmpty() && !now.isBefore(ends.first().at())) {
            LogEntry entry = entries.get(ends.pollFirst().sequence());
            if (entry != null) {
                forgetDue(entry, now);
            }
        }
    }

    private void forgetDue(LogEntry entry, Instant now) {
        claims(entry).ifPresent(MemoryClaims::drop); // Either its time to be repeated is over, or that of the body.
        BodyLife life = entry.life().at(now);
        if (life.forgotten() != entry.life().forgotten()) {
            change(entry, life);
        }
    }

    /** When the next body is to be dropped; far away if there is none. */
    Instant nextEnd() {
        return ends.isEmpty() ? Instant.MAX : ends.first().at();
    }

    // ---- Reading ----

    LogPage page(EntryId after, int limit) {
        Continuity continuity = continuity(after);
        long from = continuity == Continuity.CONTINUOUS ? after.sequence() : 0;
        return new LogPage(
                continuity,
                entries.tailMap(from, false).values().stream()
                        .limit(limit)
                        .map(entry -> entry.shown(entry.life()))
                        .toList(),
                head);
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
