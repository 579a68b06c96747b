package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** A room in a store under test: the calls of the store, with what the tests repeat left out. */
record TestRoom(RoomStore store, Room room, Guest owner) {

    private static final int PAGE = 100;

    /** Somebody with one token. */
    record Guest(Identity identity, TokenHash token) {

        static Guest anybody() {
            return new Guest(Identity.anonymous(), newToken());
        }

        Guest withNewToken() {
            return new Guest(identity, newToken());
        }

        String id() {
            return identity.id();
        }

        private static TokenHash newToken() {
            return TokenHash.of(UUID.randomUUID().toString());
        }
    }

    /** Makes a room in the store. */
    static TestRoom create(RoomStore store, RoomId id, Duration life, int seats) {
        TestRoom room = notCreated(store, id, life, seats);
        assertThat(room.tryCreate()).as("a new room is created").isTrue();
        return room;
    }

    static TestRoom notCreated(RoomStore store, RoomId id, Duration life, int seats) {
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        RoomIncarnation key =
                new RoomIncarnation(id, ThreadLocalRandom.current().nextLong());
        return new TestRoom(store, new Room(key, now, now.plus(life), seats, false), Guest.anybody());
    }

    boolean tryCreate() {
        return store.create(room, owner.identity(), owner.token());
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

    Guest join() {
        Guest guest = Guest.anybody();
        join(guest);
        return guest;
    }

    Joined join(Guest guest) {
        return store.join(id(), guest.identity(), guest.token());
    }

    /** Whether there was a seat. */
    boolean tryJoin(Guest guest) {
        try {
            join(guest);
            return true;
        } catch (RoomFullException e) {
            return false;
        }
    }

    Optional<Appended> leave(Guest guest) {
        return store.leave(incarnation(), guest.id());
    }

    Appended post(Guest guest, String key) {
        return post(guest, key, "text of " + key);
    }

    Appended post(Guest guest, String key, String text) {
        return store.append(id(), guest.token(), new Draft(LogEntry.MESSAGE, key, text));
    }

    LogPage readAfter(EntryId after, int limit) {
        return store.readAfter(incarnation(), after, limit);
    }

    LogPage readAfter(EntryId after) {
        return readAfter(after, PAGE);
    }

    boolean destroy() {
        return store.destroy(incarnation());
    }

    boolean isMember(Guest guest) {
        return store.authenticate(id(), guest.token()).isPresent();
    }

    RoomState state() {
        return store.find(id()).orElseThrow(() -> new AssertionError("the room lives"));
    }

    EntryId head() {
        return state().head();
    }

    List<Identity> members() {
        return state().members().stream().map(Member::identity).toList();
    }

    /** All that the log keeps. */
    List<LogEntry> log() {
        LogPage page = readAfter(EntryId.START);
        List<LogEntry> log = new ArrayList<>(page.entries());
        while (!page.isLast()) {
            page = readAfter(log.get(log.size() - 1).id());
            assertThat(page.continuity())
                    .as("the next page continues the last")
                    .isEqualTo(LogPage.Continuity.CONTINUOUS);
            log.addAll(page.entries());
        }
        return log;
    }

    /** The keys of all that the log keeps, without those entries that have none. */
    List<String> keys() {
        return log().stream()
                .flatMap(entry -> Optional.ofNullable(entry.key()).stream())
                .toList();
    }

    List<Long> sequences() {
        return log().stream().map(entry -> entry.id().sequence()).toList();
    }

    /** Asserts that this life of the room is over for every call, and that no call brings anything of it back. */
    void assertOver() {
        assertOverForItsKey();
        assertThat(store.find(id())).as("find").isEmpty();
        assertThat(isMember(owner)).as("authenticate").isFalse();
        assertNotFound(this::join);
        assertNotFound(() -> post(owner, "late"));
        assertThat(store.find(id())).as("find after the late calls").isEmpty();
    }

    /** Asserts the same of the calls that name this life, which hold also where the code has a new room. */
    void assertOverForItsKey() {
        assertNotFound(() -> leave(owner));
        assertNotFound(() -> readAfter(EntryId.START));
        assertThat(destroy()).as("destroy").isFalse();
    }

    private static void assertNotFound(Runnable call) {
        assertThatExceptionOfType(RoomNotFoundException.class).isThrownBy(call::run);
    }
}
