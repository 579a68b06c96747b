package io.github.ephemeralchat.tck;

import static io.github.ephemeralchat.spi.LogPage.Continuity.CONTINUOUS;
import static io.github.ephemeralchat.spi.LogPage.Continuity.TRUNCATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A room in a store under test: the calls of the store, without what the tests repeat. */
record TestRoom(RoomStore store, Room room, Caller owner) {

    static final Actor HOST = new Actor.Host("Host");

    /** An identity with one token, member of a room or not. */
    record Caller(Identity identity, TokenHash token) {

        static Caller create() {
            return new Caller(
                    Identity.anonymous(), TokenHash.of(UUID.randomUUID().toString()));
        }

        Actor actor() {
            return new Actor.ByToken(token);
        }

        Actor actorById() {
            return new Actor.ById(identity.id());
        }

        Caller withNewToken() {
            return new Caller(identity, create().token);
        }

        /** A request of somebody whom the host does not name: the identity is a new one. */
        JoinRequest anonymously() {
            return JoinRequest.anonymous(Identity.anonymous(), token);
        }

        JoinRequest named() {
            return JoinRequest.named(identity, token);
        }
    }

    /** Creates a room in the store. */
    static TestRoom create(RoomStore store, RoomId id, Duration life, int seats) {
        var room = notCreated(store, id, life, seats);
        assertThat(room.tryCreate()).as("create of a new room").isTrue();
        return room;
    }

    static TestRoom notCreated(RoomStore store, RoomId id, Duration life, int seats) {
        var now = store.now().truncatedTo(ChronoUnit.MILLIS);
        var incarnation = new RoomIncarnation(id, ThreadLocalRandom.current().nextLong());
        return notCreated(store, new Room(incarnation, now, now.plus(life), seats, false));
    }

    static TestRoom notCreated(RoomStore store, Room room) {
        return new TestRoom(store, room, Caller.create());
    }

    /** Creates that room in the store, with its proof if it wants one. */
    static TestRoom create(RoomStore store, Room room, @Nullable TokenHash proof) {
        var created = notCreated(store, room);
        assertThat(store.create(room, created.owner.named().withProof(proof)))
                .as("create of a new room")
                .isTrue();
        return created;
    }

    boolean tryCreate() {
        return store.create(room, owner.identity, owner.token);
    }

    /** The same room as another node sees it. */
    TestRoom on(RoomStore node) {
        return new TestRoom(node, room, owner);
    }

    RoomId id() {
        return room.id();
    }

    RoomIncarnation incarnation() {
        return room.incarnation();
    }

    /** Lets a new member join. */
    Caller join() {
        var caller = Caller.create();
        join(caller);
        return caller;
    }

    Joined join(Caller caller) {
        return join(caller.named());
    }

    Joined join(JoinRequest request) {
        return store.join(id(), request);
    }

    /** Lets a member join once more, with a new token. */
    Caller joinAgain(Caller member) {
        var caller = member.withNewToken();
        join(caller);
        return caller;
    }

    /** Whether there was a seat. */
    boolean tryJoin(Caller caller) {
        try {
            join(caller);
            return true;
        } catch (RoomFullException e) {
            return false;
        }
    }

    Optional<Appended> leave(Caller caller) {
        return change(HOST, new RoomChange.Leave(caller.identity.id()));
    }

    /** Posts under each key as the owner; returns what the last post appended. */
    Appended post(String... keys) {
        return Stream.of(keys)
                .map(key -> post(owner, key))
                .reduce((before, last) -> last)
                .orElseThrow();
    }

    Appended post(Caller caller, String key) {
        return post(caller, key, "text of " + key);
    }

    Appended post(Caller caller, String key, String text) {
        return append(caller, new Draft(LogEntry.MESSAGE, key, text));
    }

    /** Posts a body with a life of its own as the owner; returns its entry. */
    LogEntry post(String key, @Nullable Duration ttl, @Nullable Integer claims) {
        return append(owner, new Draft(LogEntry.MESSAGE, key, "text of " + key).withLife(ttl, claims))
                .entry();
    }

    Optional<Appended> forget(Actor actor, LogEntry entry) {
        return change(actor, new RoomChange.Forget(entry.id().sequence()));
    }

    Claimed claim(Caller caller, LogEntry entry) {
        return store.claim(id(), caller.actor(), entry.id().sequence());
    }

    /** An entry as the log has it now. */
    LogEntry now(LogEntry entry) {
        return readAfter(EntryId.at(entry.id().sequence() - 1), 1).entries().get(0);
    }

    Appended append(Caller caller, Draft draft) {
        return change(caller.actor(), new RoomChange.Post(draft)).orElseThrow();
    }

    Optional<Appended> change(Actor actor, RoomChange change) {
        return EitherWay.change(store, id(), actor, change);
    }

    /** Changes the room as its owner. */
    Optional<Appended> change(RoomChange change) {
        return change(owner.actor(), change);
    }

    /** Gives a seat a role, as the host. */
    Optional<Appended> assign(Caller caller, Role role) {
        return change(HOST, new RoomChange.Assign(caller.identity.id(), role));
    }

    /** Sets a property as the owner, or removes it. */
    Optional<Appended> set(String name, @Nullable String value) {
        return change(new RoomChange.Property(name, value));
    }

    LogPage readAfter(EntryId after, int limit) {
        return store.readAfter(incarnation(), after, limit);
    }

    LogPage readAfter(EntryId after) {
        return readAfter(after, 100);
    }

    boolean destroy() {
        return destroy(HOST);
    }

    boolean destroy(Actor actor) {
        return store.destroy(incarnation(), actor);
    }

    Optional<Seat> seat(Caller caller) {
        return store.authenticate(id(), caller.token);
    }

    boolean isMember(Caller caller) {
        return seat(caller).isPresent();
    }

    RoomState state() {
        return store.find(id()).orElseThrow(() -> new AssertionError("find did not return a living room"));
    }

    EntryId head() {
        return state().head();
    }

    /** The roles by identity, the owner first, then in the order of joining. */
    Map<Identity, Role> roles() {
        Map<Identity, Role> roles = new LinkedHashMap<>();
        state().members().forEach(member -> roles.put(member.identity(), member.role()));
        return roles;
    }

    /** The room with its present values. */
    Room present() {
        return state().room();
    }

    List<Identity> members() {
        return state().members().stream().map(Member::identity).toList();
    }

    /** All that the log keeps. */
    List<LogEntry> log() {
        return log(100);
    }

    /** The same, read in pages of a limit. */
    List<LogEntry> log(int limit) {
        List<LogEntry> log = new ArrayList<>();
        LogPage page;
        do {
            var after = log.isEmpty() ? EntryId.START : log.get(log.size() - 1).id();
            page = readAfter(after, limit);
            assertThat(page.continuity()).isIn(CONTINUOUS, log.isEmpty() ? TRUNCATED : CONTINUOUS);
            assertThat(page.entries()).hasSizeBetween(1, limit);
            assertThat(page.head()).isEqualTo(head());
            log.addAll(page.entries());
        } while (!page.isLast());
        return log;
    }

    /** The keys of all that the log keeps, without those entries that have none. */
    List<String> keys() {
        return log().stream().map(LogEntry::key).filter(Objects::nonNull).toList();
    }

    List<Long> sequences() {
        return log().stream().map(entry -> entry.id().sequence()).toList();
    }

    /** Asserts that a call is refused, and that it changes nothing. */
    void assertRefused(Class<? extends Exception> expected, ThrowingCallable call) {
        var before = state();
        var log = log();
        assertThatExceptionOfType(expected).isThrownBy(call);
        assertThat(state()).isEqualTo(before);
        assertThat(log()).isEqualTo(log);
    }

    void assertRefused(Caller caller, String key) {
        assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> post(caller, key));
    }

    /** Asserts that every call finds this incarnation ended, and that no call brings anything of it back. */
    void assertEnded() {
        assertIncarnationEnded();
        assertThat(store.find(id())).as("find").isEmpty();
        assertThat(isMember(owner)).as("authenticate").isFalse();
        assertNotFound("join", this::join);
        assertNotFound("append", () -> post("late"));
        assertNotFound("leave", () -> leave(owner));
        assertThat(store.find(id())).as("find after the late calls").isEmpty();
    }

    /** Asserts the same of the calls that name the incarnation, also if the code has a new room. */
    void assertIncarnationEnded() {
        assertNotFound("readAfter", () -> readAfter(EntryId.START));
        assertThat(destroy()).as("destroy").isFalse();
    }

    private static void assertNotFound(String call, Runnable late) {
        assertThatExceptionOfType(RoomNotFoundException.class).as(call).isThrownBy(late::run);
    }
}
