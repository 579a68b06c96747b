package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One room: its members and its log. Not thread-safe: the store's monitor guards it. */
final class MapRoom {

    private final Room room;
    private final LogLimits limits;
    /** By identity id, in the order of joining: the first is the owner (S13). */
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** The identity ids that tokens belong to, the newest token last. */
    private final Map<TokenHash, String> tokens = new LinkedHashMap<>();

    private final TreeMap<Long, LogEntry> log = new TreeMap<>();
    /** The same entries, if a member gave them a key (S4). */
    private final Map<DraftKey, LogEntry> byKey = new HashMap<>();

    private EntryId head = EntryId.START;
    private long textBytes;

    private record DraftKey(String identityId, @Nullable String key) {}

    MapRoom(Room room, LogLimits limits) {
        this.room = room;
        this.limits = limits;
    }

    boolean isLiving(Instant now) {
        return now.isBefore(room.expiresAt());
    }

    boolean is(RoomIncarnation incarnation) {
        return room.incarnation().equals(incarnation);
    }

    // ---- Members ----

    RoomState state() {
        return new RoomState(
                room, head, members.values().stream().map(this::withOwner).toList());
    }

    Optional<Seat> seat(TokenHash token) {
        return Optional.ofNullable(tokens.get(token))
                .map(members::get)
                .map(member -> new Seat(room, head, withOwner(member)));
    }

    private Member withOwner(Member member) {
        boolean owner = members.values().iterator().next().equals(member);
        return new Member(member.identity(), member.joinedSequence(), owner);
    }

    Joined join(Identity identity, TokenHash token, Instant now) {
        Appended appended = null;
        if (!members.containsKey(identity.id())) {
            if (members.size() == room.maxParticipants()) {
                throw new RoomFullException();
            }
            appended = write(LogEntry.JOINED, identity, null, "", now);
            members.put(identity.id(), new Member(identity, head.sequence(), false));
        }
        addToken(identity.id(), token);
        return new Joined(seat(token).orElseThrow(), appended);
    }

    private void addToken(String identityId, TokenHash token) {
        tokens.put(token, identityId);
        List<TokenHash> own = tokens.keySet().stream()
                .filter(other -> identityId.equals(tokens.get(other)))
                .toList();
        if (own.size() > RoomStore.MAX_TOKENS_PER_SEAT) {
            tokens.remove(own.get(0));
        }
    }

    Optional<Appended> leave(String identityId, Instant now) {
        tokens.values().removeIf(identityId::equals);
        return Optional.ofNullable(members.remove(identityId))
                .map(member -> write(LogEntry.LEFT, member.identity(), null, "", now));
    }

    // ---- The log ----

    Appended append(TokenHash token, Draft draft, Instant now) {
        Identity sender =
                seat(token).orElseThrow(NotAParticipantException::new).member().identity();
        LogEntry earlier = byKey.get(new DraftKey(sender.id(), draft.key()));
        return earlier == null
                ? write(draft.kind(), sender, draft.key(), draft.body(), now)
                : appended(earlier, EntryId.START, false);
    }

    private Appended write(String kind, Identity sender, @Nullable String key, String body, Instant now) {
        EntryId previous = head;
        head = new EntryId(head.sequence() + 1, ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE));
        LogEntry entry = new LogEntry(head, kind, sender, key, body, now);
        log.put(head.sequence(), entry);
        if (key != null) {
            byKey.put(new DraftKey(sender.id(), key), entry);
        }
        textBytes += entry.size();
        trim();
        return appended(entry, previous, true);
    }

    private Appended appended(LogEntry entry, EntryId previous, boolean stored) {
        long logBytes = textBytes + (long) log.size() * LogEntry.OVERHEAD_BYTES;
        return new Appended(room.incarnation(), entry, previous, stored, false, logBytes, room.expiresAt());
    }

    private void trim() {
        while (log.size() > limits.maxEntries() || (textBytes > limits.maxTextBytes() && log.size() > 1)) {
            LogEntry oldest = log.pollFirstEntry().getValue();
            textBytes -= oldest.size();
            byKey.remove(new DraftKey(oldest.sender().id(), oldest.key()));
        }
    }

    LogPage readAfter(EntryId after, int limit) {
        Continuity continuity = continuity(after);
        boolean continues = continuity == Continuity.CONTINUOUS;
        List<LogEntry> entries = log.tailMap(continues ? after.sequence() : 0, false).values().stream()
                .limit(limit)
                .toList();
        return new LogPage(continuity, entries, head);
    }

    private Continuity continuity(EntryId after) {
        LogEntry there = log.get(after.sequence());
        if (there != null) {
            return after.isUnverified() || there.id().equals(after) ? Continuity.CONTINUOUS : Continuity.FORKED;
        }
        if (after.sequence() > head.sequence()) {
            return Continuity.FORKED;
        }
        boolean justBelow = after.isUnverified() && after.sequence() == log.firstKey() - 1;
        return justBelow ? Continuity.CONTINUOUS : Continuity.TRUNCATED;
    }
}
