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

/** One room: its seats and its log. Whoever calls holds its monitor, except for {@link #isLiving}. */
final class Chat {

    private final Room room;
    private final LogLimits limits;
    /** By identity id; who joined first is first, and so the owner (S13). */
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** Whose a token is; the newest is last. */
    private final Map<TokenHash, String> tokens = new LinkedHashMap<>();

    private final TreeMap<Long, LogEntry> log = new TreeMap<>();
    /** What members have appended under their own keys, as long as the log keeps it. */
    private final Map<OwnKey, LogEntry> byKey = new HashMap<>();

    private EntryId head = EntryId.START;
    private long textBytes;
    private volatile boolean ended;

    /** A member's own name for what it appends (S4). */
    private record OwnKey(String identityId, String key) {}

    Chat(Room room, LogLimits limits) {
        this.room = room;
        this.limits = limits;
    }

    boolean isLiving(Instant now) {
        return !ended && now.isBefore(room.expiresAt());
    }

    boolean is(RoomIncarnation key) {
        return room.incarnation().equals(key);
    }

    boolean end() {
        ended = true;
        return true;
    }

    // ---- Seats ----

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

    Joined join(Identity who, TokenHash token, Instant now) {
        Appended entry = null;
        if (!members.containsKey(who.id())) {
            if (members.size() == room.maxParticipants()) {
                throw new RoomFullException();
            }
            entry = write(LogEntry.JOINED, who, null, "", now);
            members.put(who.id(), new Member(who, head.sequence(), false));
        }
        addToken(who.id(), token);
        return new Joined(seat(token).orElseThrow(), entry);
    }

    private void addToken(String id, TokenHash token) {
        List<TokenHash> earlier = tokens.keySet().stream()
                .filter(other -> id.equals(tokens.get(other)))
                .toList();
        if (earlier.size() == RoomStore.MAX_TOKENS_PER_SEAT) {
            tokens.remove(earlier.get(0));
        }
        tokens.put(token, id);
    }

    Optional<Appended> leave(String id, Instant now) {
        tokens.values().removeIf(id::equals);
        return Optional.ofNullable(members.remove(id))
                .map(left -> write(LogEntry.LEFT, left.identity(), null, "", now));
    }

    // ---- The log ----

    Appended append(TokenHash token, Draft draft, Instant now) {
        Identity sender =
                seat(token).orElseThrow(NotAParticipantException::new).member().identity();
        LogEntry known = byKey.get(new OwnKey(sender.id(), draft.key()));
        return known == null
                ? write(draft.kind(), sender, draft.key(), draft.body(), now)
                : new Appended(room.incarnation(), known, EntryId.START, false, false);
    }

    private Appended write(String kind, Identity sender, @Nullable String key, String body, Instant now) {
        EntryId previous = head;
        head = new EntryId(head.sequence() + 1, ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE));
        LogEntry entry = new LogEntry(head, kind, sender, key, body, now);
        log.put(head.sequence(), entry);
        if (key != null) {
            byKey.put(new OwnKey(sender.id(), key), entry);
        }
        textBytes += entry.size();
        trim();
        return new Appended(room.incarnation(), entry, previous, true, false);
    }

    private void trim() {
        while (log.size() > limits.maxEntries() || (textBytes > limits.maxTextBytes() && log.size() > 1)) {
            LogEntry oldest = log.pollFirstEntry().getValue();
            textBytes -= oldest.size();
            if (oldest.key() != null) {
                byKey.remove(new OwnKey(oldest.sender().id(), oldest.key()));
            }
        }
    }

    LogPage readAfter(EntryId after, int limit) {
        Continuity continuity = continuity(after);
        boolean follows = continuity == Continuity.CONTINUOUS;
        List<LogEntry> entries = log.tailMap(follows ? after.sequence() : 0, false).values().stream()
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
        boolean justBefore = after.isUnverified() && after.sequence() == log.firstKey() - 1;
        return justBefore ? Continuity.CONTINUOUS : Continuity.TRUNCATED;
    }
}
