package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.model.TooManyPropertiesException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One room: what it does in one step. Not thread-safe: the store's monitor guards it. */
final class MapRoom {

    private final MapSeats seats = new MapSeats();
    private final MapAdmission admission;
    private final MapLog log;
    private Room room;

    MapRoom(Room room, @Nullable TokenHash proof, LogLimits limits) {
        this.room = room;
        this.admission = new MapAdmission(room, proof);
        this.log = new MapLog(limits);
    }

    boolean isLiving(Instant now) {
        return now.isBefore(room.expiresAt());
    }

    boolean is(RoomIncarnation incarnation) {
        return room.incarnation().equals(incarnation);
    }

    // ---- Reading ----

    RoomState state() {
        return new RoomState(room, log.head(), seats.ownerFirst());
    }

    List<Authenticated> authenticate(List<TokenHash> candidates) {
        return candidates.stream()
                .flatMap(token -> seats.find(token).stream().map(member -> new Authenticated(token, seat(member))))
                .toList();
    }

    private Seat seat(Member member) {
        return new Seat(room, log.head(), member);
    }

    LogPage readAfter(EntryId after, int limit) {
        return log.readAfter(after, limit);
    }

    // ---- Coming in ----

    /** The order is S15's: who has a seat is not judged, and whom the host admits passes all but the number of seats. */
    Joined join(JoinRequest request, Instant now) {
        Optional<Member> present = seats.present(request);
        if (present.isPresent()) {
            seats.addToken(present.get().identity().id(), request.token());
            return new Joined(seat(present.get()), null);
        }
        if (request.profile() != null && !room.encrypted()) {
            throw new IllegalArgumentException("a profile fits an encrypted room alone");
        }
        if (!request.admitted()) {
            admission.judge(request.proof(), now);
        }
        if (seats.size() >= room.maxParticipants()) {
            throw new RoomFullException();
        }
        return takeSeat(request, now);
    }

    Joined takeSeat(JoinRequest request, Instant now) {
        Identity identity = request.identityIn(room);
        String body = EntryBody.joined(seats.roleOfNext(), request.profile());
        Appended appended = write(LogEntry.JOINED, identity, null, body, now);
        Member member = seats.take(identity, log.head().sequence(), request.profile());
        seats.addToken(identity.id(), request.token());
        return new Joined(seat(member), appended);
    }

    // ---- Changing ----

    /** First whether the actor may (S5, S14), then the change. The host has no seat and may do everything. */
    Optional<Appended> change(Actor actor, RoomChange change, Instant now) {
        if (actor instanceof Actor.Host host) {
            return make(change, host.identity(), now);
        }
        Member member = seats.actor(actor);
        if (!isAllowed(change, member)) {
            throw new NotPermittedException();
        }
        return make(change, member.identity(), now);
    }

    private static boolean isAllowed(RoomChange change, Member member) {
        if (change instanceof RoomChange.Post) {
            return member.role() != Role.READER;
        }
        boolean ownSeat = change instanceof RoomChange.Leave leave
                && (leave.identityId() == null
                        || leave.identityId().equals(member.identity().id()));
        return ownSeat || member.owner();
    }

    private Optional<Appended> make(RoomChange change, Identity by, Instant now) {
        if (change instanceof RoomChange.Post post) {
            return Optional.of(post(post.draft(), by, now));
        }
        if (change instanceof RoomChange.Leave leave) {
            return leave(leave.identityId() == null ? by.id() : leave.identityId(), now);
        }
        if (change instanceof RoomChange.Deadline deadline) {
            return moveDeadline(deadline.expiresAt(), by, now);
        }
        if (change instanceof RoomChange.Admission admit) {
            return changeAdmission(admit, by, now);
        }
        return change instanceof RoomChange.Assign assign
                ? assign(assign.identityId(), assign.role(), by, now)
                : setProperty((RoomChange.Property) change, by, now);
    }

    private Appended post(Draft draft, Identity by, Instant now) {
        if (!draft.fits(room.encrypted())) {
            throw new IllegalArgumentException("the room's texts are opaque, or this one is");
        }
        return log.find(by.id(), draft.key())
                .map(earlier -> appended(earlier, EntryId.START, false))
                .orElseGet(() -> write(draft.kind(), by, draft.key(), draft.body(), now));
    }

    private Optional<Appended> leave(String identityId, Instant now) {
        return seats.free(identityId).map(member -> write(LogEntry.LEFT, member.identity(), null, "", now));
    }

    private Optional<Appended> moveDeadline(Instant deadline, Identity by, Instant now) {
        Instant earliest = now.plus(RoomChange.Deadline.MIN_LEFT);
        if (room.expiresAt().isBefore(earliest)) {
            throw new TooLateException();
        }
        if (deadline.isBefore(earliest) || deadline.isAfter(room.latestExpiresAt())) {
            throw new IllegalArgumentException("a room ends 60 s from now or later, and not after its latest end");
        }
        return become(room.withExpiresAt(deadline), LogEntry.DEADLINE, by, EntryBody.deadline(deadline), now);
    }

    private Optional<Appended> changeAdmission(RoomChange.Admission change, Identity by, Instant now) {
        if (!admission.change(change)) {
            return Optional.empty();
        }
        boolean locked = admission.locked();
        boolean proofRequired = admission.proofRequired();
        room = room.withAdmission(locked, proofRequired);
        return Optional.of(write(LogEntry.ADMISSION, by, null, EntryBody.admission(locked, proofRequired), now));
    }

    private Optional<Appended> assign(String identityId, Role role, Identity by, Instant now) {
        Member member = seats.find(identityId).orElseThrow(NoSuchSeatException::new);
        if (member.role() == role) {
            return Optional.empty();
        }
        if (member.owner()) {
            throw new IllegalArgumentException("the owner's role changes by naming another owner");
        }
        seats.assign(member, role);
        return Optional.of(write(LogEntry.ROLE, by, null, EntryBody.role(member.identity(), role), now));
    }

    private Optional<Appended> setProperty(RoomChange.Property property, Identity by, Instant now) {
        Map<String, String> properties = new HashMap<>(room.properties());
        String name = property.name();
        String value = property.value();
        if (value == null) {
            properties.remove(name);
        } else {
            properties.put(name, value);
        }
        if (properties.size() > Room.MAX_PROPERTIES || Room.propertyBytes(properties) > Room.MAX_PROPERTY_BYTES) {
            throw new TooManyPropertiesException();
        }
        return become(room.withProperties(properties), LogEntry.PROPERTY, by, EntryBody.property(name, value), now);
    }

    private Optional<Appended> become(Room changed, String kind, Identity by, String body, Instant now) {
        if (changed.equals(room)) {
            return Optional.empty();
        }
        room = changed;
        return Optional.of(write(kind, by, null, body, now));
    }

    private Appended write(String kind, Identity sender, @Nullable String key, String body, Instant now) {
        EntryId previous = log.head();
        return appended(log.append(kind, sender, key, body, now), previous, true);
    }

    private Appended appended(LogEntry entry, EntryId previous, boolean stored) {
        return new Appended(room.incarnation(), entry, previous, stored, false, log.bytes(), room.expiresAt());
    }

    // ---- Ending ----

    /** Refuses an actor who may not end the room (S8). */
    void checkMayDestroy(Actor actor) {
        if (actor instanceof Actor.Host) {
            return;
        }
        Member member = seats.actor(actor);
        if (member.role() == Role.READER || (room.ownerOnlyDestroy() && !member.owner())) {
            throw new NotPermittedException();
        }
    }
}
