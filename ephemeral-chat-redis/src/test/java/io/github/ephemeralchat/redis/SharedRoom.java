package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A room and one node's store: the calls of the SPI, without what the tests repeat. */
record SharedRoom(RoomStore store, Room room, Seat owner) {

    static final Actor HOST = new Actor.Host("Host");

    /** An identity with one of its tokens, member of a room or not. */
    record Seat(Identity identity, TokenHash token) {

        static Seat create() {
            return new Seat(Identity.anonymous(), TokenHash.of(UUID.randomUUID().toString()));
        }

        Seat onAnotherDevice() {
            return new Seat(identity, create().token);
        }

        Actor actor() {
            return new Actor.ByToken(token);
        }

        JoinRequest request() {
            return JoinRequest.anonymous(identity, token);
        }
    }

    static Room plan(RoomStore store, Duration life, int seats) {
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        RoomIncarnation incarnation =
                new RoomIncarnation(RoomId.random(), ThreadLocalRandom.current().nextLong());
        return new Room(incarnation, now, now.plus(life), seats, false)
                .withLatestExpiresAt(now.plus(Duration.ofDays(1)));
    }

    static SharedRoom create(RoomStore store, Room room, @Nullable TokenHash proof) {
        Seat owner = Seat.create();
        assertThat(store.create(
                        room, JoinRequest.named(owner.identity, owner.token).withProof(proof)))
                .isTrue();
        return new SharedRoom(store, room, owner);
    }

    static SharedRoom create(RoomStore store) {
        return create(store, plan(store, Duration.ofMinutes(10), 50), null);
    }

    /** The same room as another node sees it. */
    SharedRoom on(RoomStore node) {
        return new SharedRoom(node, room, owner);
    }

    RoomId id() {
        return room.id();
    }

    Joined join(JoinRequest request) {
        return store.join(id(), request);
    }

    Seat join() {
        Seat seat = Seat.create();
        join(seat.request());
        return seat;
    }

    Seat joinAgain(Seat member) {
        Seat device = member.onAnotherDevice();
        join(device.request());
        return device;
    }

    Optional<Appended> change(Actor actor, RoomChange change) {
        return store.change(id(), actor, change);
    }

    Optional<Appended> steer(RoomChange change) {
        return change(owner.actor(), change);
    }

    Appended post(Actor actor, String key) {
        return change(actor, new RoomChange.Post(new Draft(LogEntry.MESSAGE, key, "text of " + key)))
                .orElseThrow();
    }

    LogEntry post(String body, @Nullable Duration ttl, @Nullable Integer claims) {
        Draft draft = new Draft(LogEntry.MESSAGE, "k" + body.hashCode(), body).withLife(ttl, claims);
        return steer(new RoomChange.Post(draft)).orElseThrow().entry();
    }

    Optional<Appended> forget(LogEntry entry) {
        return steer(new RoomChange.Forget(entry.id().sequence()));
    }

    String claim(Seat by, LogEntry entry) {
        return store.claim(id(), by.actor(), entry.id().sequence()).entry().body();
    }

    LogEntry now(LogEntry entry) {
        EntryId before = new EntryId(entry.id().sequence() - 1, 0);
        return store.readAfter(room.incarnation(), before, 1).entries().get(0);
    }

    Optional<Appended> lock(boolean locked) {
        return steer(new RoomChange.Admission(locked, new ProofChange.Keep()));
    }

    Optional<Appended> assign(Seat member, Role role) {
        return steer(new RoomChange.Assign(member.identity.id(), role));
    }

    RoomState state() {
        return store.find(id()).orElseThrow();
    }
}
