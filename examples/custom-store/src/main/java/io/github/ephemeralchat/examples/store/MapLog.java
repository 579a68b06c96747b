package io.github.ephemeralchat.examples.store;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The log of one room. Not thread-safe: the store's monitor guards it. */
final class MapLog {

    private final LogLimits limits;
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
    /** Where the entries are that have a key of their senders' (S4). */
    private final Map<DraftKey, Long> byKey = new HashMap<>();
    /** By sequence, of those entries whose bodies have to be claimed. */
    private final Map<Long, MapClaims> claims = new HashMap<>();

    private EntryId head = EntryId.START;
    private long textBytes;

    private record DraftKey(String identityId, @Nullable String key) {}

    MapLog(LogLimits limits) {
        this.limits = limits;
    }

    EntryId head() {
        return head;
    }

    long bytes() {
        return textBytes + (long) entries.size() * LogEntry.OVERHEAD_BYTES;
    }

    Optional<LogEntry> find(String identityId, String key) {
        return Optional.ofNullable(byKey.get(new DraftKey(identityId, key))).map(entries::get);
    }

    Optional<LogEntry> posted(long sequence) {
        return Optional.ofNullable(entries.get(sequence)).filter(entry -> entry.key() != null);
    }

    Optional<MapClaims> claims(LogEntry entry) {
        return Optional.ofNullable(claims.get(entry.id().sequence()));
    }

    /** Gives a body another life: a forgotten one is gone, and its bytes with it (S17). */
    void change(LogEntry entry, BodyLife life) {
        String body = life.forgotten() == null ? entry.body() : "";
        LogEntry changed = new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), body, entry.at(), life);
        if (entries.replace(entry.id().sequence(), changed) != null) {
            textBytes += changed.size() - entry.size();
        }
    }

    /** What every step does first: bodies whose time is over are gone by then. */
    void forgetDue(Instant now) {
        claims.values().forEach(each -> each.dropIfOver(now));
        for (LogEntry entry : List.copyOf(entries.values())) {
            BodyLife life = entry.life();
            if (life.expiresAt() != null && !now.isBefore(life.expiresAt())) {
                claims(entry).ifPresent(MapClaims::drop);
                change(entry, life.at(now));
            }
        }
    }

    Appended write(Room room, String kind, Identity sender, @Nullable String key, String body, Instant now) {
        return write(room, kind, sender, key, body, now, BodyLife.OF_THE_ROOM);
    }

    Appended write(
            Room room, String kind, Identity sender, @Nullable String key, String body, Instant now, BodyLife life) {
        EntryId previous = head;
        return appended(room, append(kind, sender, key, body, now, life), previous, true);
    }

    Appended appended(Room room, LogEntry entry, EntryId previous, boolean stored) {
        LogEntry shown = entry.shown(entry.life());
        return new Appended(room.incarnation(), shown, previous, stored, false, bytes(), room.expiresAt());
    }

    LogEntry append(String kind, Identity sender, @Nullable String key, String body, Instant now, BodyLife life) {
        head = new EntryId(head.sequence() + 1, ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE));
        LogEntry entry = new LogEntry(head, kind, sender, key, body, now, life);
        entries.put(head.sequence(), entry);
        if (key != null) {
            byKey.put(new DraftKey(sender.id(), key), head.sequence());
        }
        if (life.claimsLeft() != null) {
            claims.put(head.sequence(), new MapClaims());
        }
        textBytes += entry.size();
        trim();
        return entry;
    }

    private void trim() {
        while (entries.size() > limits.maxEntries() || (textBytes > limits.maxTextBytes() && entries.size() > 1)) {
            LogEntry oldest = entries.pollFirstEntry().getValue();
            textBytes -= oldest.size();
            byKey.remove(new DraftKey(oldest.sender().id(), oldest.key()));
            claims.remove(oldest.id().sequence());
        }
    }

    LogPage readAfter(EntryId after, int limit) {
        Continuity continuity = continuity(after);
        boolean continues = continuity == Continuity.CONTINUOUS;
        List<LogEntry> following = entries.tailMap(continues ? after.sequence() : 0, false).values().stream()
                .limit(limit)
                .map(entry -> entry.shown(entry.life()))
                .toList();
        return new LogPage(continuity, following, head);
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
