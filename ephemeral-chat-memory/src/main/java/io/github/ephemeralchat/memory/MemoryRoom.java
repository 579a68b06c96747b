package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.model.TooManyPropertiesException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One incarnation of a room: its members and its log. Its monitor guards both; every step is made by {@link #ifLiving}. */
final class MemoryRoom {

    private final MemoryBudget.Account account;
    private final MemoryLog log;
    private final MemorySeats seats;
    private final MemoryPosts posts;
    private final ProofGuard proofs;

    /** Where the index has the room; the index's lock guards it. */
    Instant indexedAt;

    // Written under the monitor, read anywhere.
    private volatile Room room;
    private boolean ended;
    /** When the next body is to be dropped. Written under the monitor, read anywhere. */
    private volatile Instant nextEnd = Instant.MAX;

    MemoryRoom(Room room, @Nullable TokenHash proof, LogLimits limits, MemoryBudget budget) {
        this.room = room;
        this.indexedAt = room.expiresAt();
        this.account = budget.new Account();
        this.log = new MemoryLog(limits, account);
        this.seats = new MemorySeats(account);
        this.posts = new MemoryPosts(log);
        this.proofs = new ProofGuard(proof, room.encrypted());
        account.take(MemoryBudget.ROOM_BYTES + Room.propertyBytes(room.properties()));
    }

    Room room() {
        return room;
    }

    boolean isExpired(Instant now) {
        return !now.isBefore(room.expiresAt());
    }

    /** Makes one atomic step, unless the room has ended by then. */
    synchronized <T> Optional<T> ifLiving(InstantSource time, BiFunction<MemoryRoom, Instant, T> step) {
        // In the monitor: a step that had to wait for it must not run after the deadline.
        Instant now = time.instant();
        if (ended || isExpired(now)) {
            return Optional.empty();
        }
        forgetDue(now);
        T result = step.apply(this, now);
        nextEnd = log.nextEnd();
        return Optional.of(result);
    }

    /** Lets no later step begin. Idempotent. */
    synchronized void end() {
        ended = true;
        account.close();
    }

    /** Drops bodies whose time is over, though nobody calls. */
    void forgetDueSince(Instant now) {
        if (!now.isBefore(nextEnd)) {
            synchronized (this) {
                if (!ended) { // Else all was given back already.
                    forgetDue(now);
                }
            }
        }
    }

    private void forgetDue(Instant now) {
        log.forgetDue(now);
        nextEnd = log.nextEnd();
    }

    RoomState state() {
        return new RoomState(room, log.head(), seats.members());
    }

    List<Authenticated> authenticate(List<TokenHash> candidates) {
        return candidates.stream()
                .flatMap(token -> seats.find(token).stream().map(member -> new Authenticated(token, seat(member))))
                .toList();
    }

    private Seat seat(Member member) {
        return new Seat(room, log.head(), member);
    }

    // ---- Coming in ----

    Joined join(JoinRequest request, Instant now) {
        Optional<Member> present = seats.find(request);
        if (present.isPresent()) {
            seats.addToken(present.get().identity().id(), request.token());
            return new Joined(seat(present.get()), null);
        }
        if (request.profile() != null && !room.encrypted()) {
            throw new IllegalArgumentException("a profile fits an encrypted room alone");
        }
        if (!request.admitted()) {
            admit(request, now);
        }
        if (seats.size() >= room.maxParticipants()) {
            throw new RoomFullException();
        }
        return takeSeat(request, now);
    }

    private void admit(JoinRequest request, Instant now) {
        if (room.locked()) {
            throw new RoomLockedException(room.encrypted());
        }
        proofs.judge(request.proof(), now);
    }

    /** The first step of a new room is its owner's. */
    Joined takeSeat(JoinRequest request, Instant now) {
        Identity identity = request.identityIn(room);
        String body = EntryBody.joined(seats.roleOfNext(), request.profile());
        Appended appended = log.write(room, LogEntry.JOINED, identity, null, body, now);
        Member member = seats.take(identity, log.head().sequence(), request.profile());
        seats.addToken(identity.id(), request.token());
        return new Joined(seat(member), appended);
    }

    // ---- Changing ----

    Optional<Appended> change(Actor actor, RoomChange change, Instant now) {
        Member member = actor instanceof Actor.Host ? null : seats.actor(actor);
        Identity by = member == null ? ((Actor.Host) actor).identity() : member.identity();
        if (change instanceof RoomChange.Post post) {
            return Optional.of(posts.post(room, by, member, post.draft(), now));
        }
        if (change instanceof RoomChange.Leave leave) {
            return leave(member, leave.identityId(), now);
        }
        if (change instanceof RoomChange.Forget forget) {
            return posts.forget(room, by, member, forget.sequence(), now);
        }
        if (member != null && !member.owner()) {
            throw new NotPermittedException();
        }
        if (change instanceof RoomChange.Deadline deadline) {
            return moveDeadline(by, deadline.expiresAt(), now);
        }
        if (change instanceof RoomChange.Admission admission) {
            return changeAdmission(by, admission, now);
        }
        return change instanceof RoomChange.Assign assign
                ? assign(by, assign.identityId(), assign.role(), now)
                : setProperty(by, (RoomChange.Property) change, now);
    }

    Claimed claim(Actor actor, long sequence, Instant now) {
        if (actor instanceof Actor.Host) {
            throw new IllegalArgumentException("the host has no seat");
        }
        return posts.claim(room, seats.actor(actor), sequence, now);
    }

    private Optional<Appended> leave(@Nullable Member member, @Nullable String identityId, Instant now) {
        String id = identityId == null ? ownId(member) : identityId;
        if (member != null && !member.owner() && !member.identity().id().equals(id)) {
            throw new NotPermittedException();
        }
        return seats.free(id).map(left -> log.write(room, LogEntry.LEFT, left.identity(), null, "", now));
    }

    private static String ownId(@Nullable Member member) {
        if (member == null) {
            throw new IllegalArgumentException("the host has no seat");
        }
        return member.identity().id();
    }

    private Optional<Appended> moveDeadline(Identity by, Instant deadline, Instant now) {
        Instant earliest = now.plus(RoomChange.Deadline.MIN_LEFT);
        if (room.expiresAt().isBefore(earliest)) {
            throw new TooLateException();
        }
        if (deadline.isBefore(earliest) || deadline.isAfter(room.latestExpiresAt())) {
            throw new IllegalArgumentException("a room ends 60 s from now or later, and not after its latest end");
        }
        return change(room.withExpiresAt(deadline), by, LogEntry.DEADLINE, EntryBody.deadline(deadline), now);
    }

    private Optional<Appended> changeAdmission(Identity by, RoomChange.Admission admission, Instant now) {
        boolean locked = admission.locked() == null ? room.locked() : admission.locked();
        boolean proofRequired = proofs.isRequiredAfter(admission.proof());
        if (room.encrypted() && !proofRequired) {
            throw new IllegalArgumentException("an encrypted room asks for a proof");
        }
        boolean replaces = admission.proof() instanceof RoomChange.ProofChange.Replace;
        if (!replaces && room.locked() == locked && room.proofRequired() == proofRequired) {
            proofs.endRow();
            return Optional.empty();
        }
        Appended appended =
                log.write(room, LogEntry.ADMISSION, by, null, EntryBody.admission(locked, proofRequired), now);
        proofs.change(admission.proof());
        room = room.withAdmission(locked, proofRequired);
        return Optional.of(appended);
    }

    private Optional<Appended> assign(Identity by, String identityId, Role role, Instant now) {
        Member member = seats.find(identityId).orElseThrow(NoSuchSeatException::new);
        if (member.role() == role) {
            return Optional.empty();
        }
        if (member.owner()) {
            throw new IllegalArgumentException("the owner's role changes by naming another owner");
        }
        Appended appended = log.write(room, LogEntry.ROLE, by, null, EntryBody.role(member.identity(), role), now);
        seats.assign(member, role);
        return Optional.of(appended);
    }

    private Optional<Appended> setProperty(Identity by, RoomChange.Property property, Instant now) {
        Map<String, String> properties = new HashMap<>(room.properties());
        String value = property.value();
        if (value == null) {
            properties.remove(property.name());
        } else {
            properties.put(property.name(), value);
        }
        int bytes = Room.propertyBytes(properties);
        if (properties.size() > Room.MAX_PROPERTIES || bytes > Room.MAX_PROPERTY_BYTES) {
            throw new TooManyPropertiesException();
        }
        int before = Room.propertyBytes(room.properties());
        String body = EntryBody.property(property.name(), value);
        Optional<Appended> changed = change(room.withProperties(properties), by, LogEntry.PROPERTY, body, now);
        account.takeAnyway(bytes - before);
        return changed;
    }

    private Optional<Appended> change(Room changed, Identity by, String kind, String body, Instant now) {
        if (changed.equals(room)) {
            return Optional.empty();
        }
        // The entry first: if there is no memory for it, nothing has changed.
        Appended appended = log.write(changed, kind, by, null, body, now);
        room = changed;
        return Optional.of(appended);
    }

    /** Ends the room, if the actor may: no later step begins. */
    Room destroy(Actor actor) {
        Member member = actor instanceof Actor.Host ? null : seats.actor(actor);
        if (member != null && (member.role() == Role.READER || (room.ownerOnlyDestroy() && !member.owner()))) {
            throw new NotPermittedException();
        }
        end();
        return room;
    }

    LogPage page(EntryId after, int limit) {
        return log.page(after, limit);
    }
}
