package io.github.ephemeralchat.scripted;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A room in the store. Every method is one atomic step. */
public final class ScriptedRoom {

    private Room room;
    private final Supplier<Instant> now;
    private final List<LogEntry> log = new ArrayList<>();
    private final Map<String, Long> joined = new LinkedHashMap<>();
    private final Map<String, Identity> identities = new LinkedHashMap<>();
    private final Map<TokenHash, String> tokens = new LinkedHashMap<>();
    private EntryId last = EntryId.START;
    private long history = 1;

    ScriptedRoom(Room room, Supplier<Instant> now) {
        this.room = room;
        this.now = now;
    }

    // ---- By the test ----

    /** Forgets the oldest entries. */
    public synchronized void keep(int entries) {
        log.subList(0, Math.max(0, log.size() - entries)).clear();
    }

    /** Forgets the newest entries, as a failover to a replica that lagged does: their sequences are given again. */
    public synchronized void fork(long keepUpTo) {
        log.removeIf(entry -> entry.id().sequence() > keepUpTo);
        last = log.get(log.size() - 1).id();
        history++;
    }

    /** Frees a seat without an entry, as if the entry had been lost in a failover. */
    public synchronized void freeSeat(String identityId) {
        joined.remove(identityId);
        tokens.values().removeIf(identityId::equals);
    }

    /** Appends an entry of any kind; nobody is told. */
    public synchronized Appended append(String kind, Identity sender, String key, String body) {
        return append(kind, sender, key, body, BodyLife.OF_THE_ROOM);
    }

    private Appended append(String kind, Identity sender, String key, String body, BodyLife life) {
        EntryId previous = last;
        last = new EntryId(previous.sequence() + 1, history * 1_000_000 + previous.sequence() + 1);
        LogEntry entry = new LogEntry(last, kind, sender, key, body, now.get(), life);
        log.add(entry);
        return new Appended(room.incarnation(), entry.shown(life), previous, true, false, 0, room.expiresAt());
    }

    public synchronized EntryId head() {
        return last;
    }

    public synchronized Member member(String identityId) {
        return members().stream()
                .filter(member -> member.identity().id().equals(identityId))
                .findFirst()
                .orElseThrow();
    }

    /** Moves the deadline without an entry, as if the entry had been lost in a failover. */
    public synchronized void moveDeadline(Instant deadline) {
        room = room.withExpiresAt(deadline);
    }

    // ---- By the store ----

    synchronized Room room() {
        return room;
    }

    /** Posts, forgotten bodies, leaves, and moved deadlines; who may do so is not looked at. */
    synchronized Optional<Appended> change(Actor actor, RoomChange change) {
        if (change instanceof RoomChange.Leave leave) {
            String id = leave.identityId();
            return leave(id == null ? sender(actor).id() : id);
        }
        Identity sender = sender(actor);
        if (change instanceof RoomChange.Deadline deadline) {
            Appended appended = append(LogEntry.DEADLINE, sender, null, EntryBody.deadline(deadline.expiresAt()));
            room = room.withExpiresAt(deadline.expiresAt());
            return Optional.of(appended);
        }
        if (change instanceof RoomChange.Forget forget) {
            return Optional.of(forget(sender, forget.sequence()));
        }
        Draft draft = ((RoomChange.Post) change).draft();
        return Optional.of(append(draft.kind(), sender, draft.key(), draft.body(), draft.lifeIn(room, now.get())));
    }

    private Appended forget(Identity sender, long sequence) {
        log.replaceAll(entry ->
                entry.id().sequence() == sequence ? entry.shown(entry.life().forgotten(Forgotten.DELETED)) : entry);
        return append(LogEntry.FORGOTTEN, sender, null, EntryBody.forgotten(sequence, Forgotten.DELETED));
    }

    private Identity sender(Actor actor) {
        if (actor instanceof Actor.Host host) {
            return host.identity();
        }
        String id = actor instanceof Actor.ById byId ? byId.identityId() : tokens.get(((Actor.ByToken) actor).token());
        return Optional.ofNullable(id)
                .filter(joined::containsKey)
                .map(identities::get)
                .orElseThrow(NotAParticipantException::new);
    }

    synchronized RoomState state() {
        return new RoomState(room, last, members());
    }

    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        joined.forEach((id, sequence) ->
                members.add(new Member(identities.get(id), sequence, members.isEmpty() ? Role.OWNER : Role.MEMBER)));
        return members;
    }

    synchronized List<Authenticated> authenticate(List<TokenHash> candidates) {
        return candidates.stream()
                .filter(tokens::containsKey)
                .map(token -> new Authenticated(token, new Seat(room, last, member(tokens.get(token)))))
                .toList();
    }

    synchronized Joined join(Identity identity, TokenHash token) {
        Appended appended = null;
        tokens.put(token, identity.id());
        identities.put(identity.id(), identity);
        if (!joined.containsKey(identity.id())) {
            appended = append(
                    LogEntry.JOINED,
                    identity,
                    null,
                    EntryBody.joined(joined.isEmpty() ? Role.OWNER : Role.MEMBER, null));
            joined.put(identity.id(), appended.entry().id().sequence());
        }
        return new Joined(new Seat(room, last, member(identity.id())), appended);
    }

    synchronized Optional<Appended> leave(String identityId) {
        if (!joined.containsKey(identityId)) {
            return Optional.empty();
        }
        freeSeat(identityId);
        return Optional.of(append(LogEntry.LEFT, identities.get(identityId), null, ""));
    }

    synchronized LogPage readAfter(EntryId place, int limit) {
        Continuity continuity = continuity(place);
        List<LogEntry> found = log.stream()
                .filter(entry ->
                        continuity != Continuity.CONTINUOUS || entry.id().sequence() > place.sequence())
                .limit(limit)
                .map(this::shown)
                .toList();
        return new LogPage(continuity, found, last);
    }

    private LogEntry shown(LogEntry entry) {
        return entry.life().expiresAt() == null
                ? entry
                : entry.shown(entry.life().at(now.get()));
    }

    private Continuity continuity(EntryId place) {
        if (place.sequence() > last.sequence()) {
            return Continuity.FORKED;
        }
        long first = log.get(0).id().sequence();
        if (place.sequence() < first) {
            boolean nextIsKept = place.sequence() + 1 == first;
            return nextIsKept && place.isUnverified() ? Continuity.CONTINUOUS : Continuity.TRUNCATED;
        }
        EntryId known = log.get((int) (place.sequence() - first)).id();
        return place.isUnverified() || known.equals(place) ? Continuity.CONTINUOUS : Continuity.FORKED;
    }
}
