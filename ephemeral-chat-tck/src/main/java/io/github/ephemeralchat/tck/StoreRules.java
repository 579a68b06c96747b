package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What the groups of a store's rules have in common: rooms in a store, time, and many callers at once. */
abstract class StoreRules {

    static final Duration LONG_LIFE = Duration.ofMinutes(10);
    static final int SEATS = 5;
    static final long MUCH_TEXT = 1 << 20;
    static final int CALLERS = 8;
    static final int ROUNDS = 20;
    /** Lets the others begin. */
    static final Duration A_MOMENT = Duration.ofMillis(1);

    private static final Duration HELD_AT_MOST = Duration.ofSeconds(5);
    private static final int CHECKS = 50;

    final Crowd crowd = new Crowd(CALLERS);

    @AfterEach
    void closeCrowd() {
        crowd.close();
    }

    /** The contract that says which store is judged. */
    abstract RoomStoreContract contract();

    RoomStore store() {
        return contract().createStore(LogLimits.DEFAULT);
    }

    TestRoom room() {
        return room(SEATS);
    }

    TestRoom room(int seats) {
        return TestRoom.create(store(), RoomId.random(), LONG_LIFE, seats);
    }

    TestRoom room(LogLimits limits) {
        return roomIn(contract().createStore(limits));
    }

    /** A room whose deadline can be moved. */
    TestRoom roomToMove(RoomStore store, Duration life, Duration latest) {
        Room room = TestRoom.notCreated(store, RoomId.random(), life, SEATS).room();
        return TestRoom.create(store, room.withLatestExpiresAt(room.createdAt().plus(latest)), null);
    }

    TestRoom shortLivedRoom() {
        return TestRoom.create(store(), RoomId.random(), contract().shortLife(), SEATS);
    }

    static TestRoom roomIn(RoomStore store) {
        return TestRoom.create(store, RoomId.random(), LONG_LIFE, SEATS);
    }

    /** Creates another incarnation under the same code. */
    static TestRoom again(TestRoom room) {
        return TestRoom.create(room.store(), room.id(), LONG_LIFE, SEATS);
    }

    TestRoom destroyedRoom() {
        TestRoom room = room();
        assertThat(room.destroy()).as("destroy of a living room").isTrue();
        return room;
    }

    /** The same room as another node sees it; for rooms with the usual limits. */
    TestRoom onOtherNode(TestRoom room) {
        return room.on(contract().createOtherNode(room.store(), LogLimits.DEFAULT));
    }

    /** Lets time pass until the room's first deadline has come, and no longer than it must. */
    void passDeadline(TestRoom room) {
        passUntil(room.store(), room.room().expiresAt());
    }

    void passUntil(RoomStore store, Instant instant) {
        var end = instant.plus(contract().timeTolerance());
        while (store.now().isBefore(end)) {
            contract().passTime(Duration.between(store.now(), end));
        }
    }

    /** Whether the store's time stands still until a test moves it: then tests are exact, and hours cost nothing. */
    boolean isTimeExact() {
        return contract().timeTolerance().isZero();
    }

    /** What a bound that moves on with the time needs, so that a call comes within it. */
    Duration slack() {
        return isTimeExact() ? Duration.ZERO : contract().timeTolerance().plusSeconds(2);
    }

    /** Asserts that a call stored an entry, which the log ends with, after a head. */
    static void assertAppended(TestRoom room, EntryId head, Appended appended) {
        var entry = appended.entry();
        assertThat(entry.id().sequence()).isEqualTo(head.sequence() + 1);
        assertThat(room.head()).as("the head after the write").isEqualTo(entry.id());
        assertThat(room.log()).endsWith(entry);
        long logBytes = room.log().stream()
                .mapToLong(one -> one.size() + LogEntry.OVERHEAD_BYTES)
                .sum();
        assertThat(appended)
                .isEqualTo(new Appended(
                        room.incarnation(),
                        entry,
                        head,
                        true,
                        appended.announced(),
                        logBytes,
                        room.present().expiresAt()));
    }

    /** How a call that stores an entry changed a room. */
    static Appended assertStored(TestRoom room, Supplier<Optional<Appended>> call) {
        var head = room.head();
        var appended = call.get().orElseThrow(() -> new AssertionError("nothing was stored"));
        assertAppended(room, head, appended);
        return appended;
    }

    /** Asserts that a call found the room as it wants it: no entry, and nothing else. */
    static void assertNothingStored(TestRoom room, Supplier<Optional<Appended>> call) {
        var before = room.state();
        assertThat(call.get()).isEmpty();
        assertThat(room.state()).isEqualTo(before);
    }

    /** Asserts all of an entry but its id and its time. */
    static void assertEntry(LogEntry entry, String kind, Identity sender, @Nullable String key, String body) {
        var expected = new LogEntry(entry.id(), kind, sender, key, body, entry.at());
        assertThat(entry).usingRecursiveComparison().isEqualTo(expected);
    }

    static void assertDense(List<LogEntry> log, long first, long last) {
        var sequences = LongStream.rangeClosed(first, last).boxed().toList();
        assertThat(log).extracting(entry -> entry.id().sequence()).isEqualTo(sequences);
    }

    /** Ends something, and does something more, while all others post until they are refused; returns what they wrote. */
    List<LogEntry> whilePostingAs(TestRoom room, Caller caller, Runnable end, Runnable then) {
        AtomicBoolean ended = new AtomicBoolean();
        List<List<LogEntry>> written = crowd.all(i -> {
            if (i > 0) {
                return postUntilRefused(room, caller, i, ended);
            }
            Await.pause(A_MOMENT);
            end.run();
            ended.set(true);
            then.run();
            return List.of();
        });
        return written.stream().flatMap(List::stream).toList();
    }

    private static List<LogEntry> postUntilRefused(TestRoom room, Caller caller, int number, AtomicBoolean ended) {
        List<LogEntry> written = new ArrayList<>();
        boolean mustFail;
        do {
            mustFail = ended.get();
            try {
                written.add(room.post(caller, number + "-" + written.size()).entry());
            } catch (NotAParticipantException | RoomNotFoundException e) {
                return written;
            }
        } while (!mustFail);
        throw new AssertionError("an append succeeded after the member had left or the room had ended");
    }

    /** Writes something into a room and keeps no reference to it. */
    static Map<String, WeakReference<?>> write(TestRoom room) {
        var member = room.join();
        var text = "a text that is " + room.post(member, "earlier").entry().id();
        room.post(member, "k", text);
        return Map.of(
                "the text of a message", new WeakReference<>(text),
                "a member's identity", new WeakReference<>(member.identity()),
                "a token's hash", new WeakReference<>(member.token()));
    }

    void assertNothingHeldAfter(Consumer<TestRoom> end, TestRoom room) {
        var content = write(room);
        end.accept(room);
        assertNothingHeld(room, content);
    }

    void assertNothingHeld(TestRoom room, Map<String, WeakReference<?>> content) {
        for (int i = 0; i < CHECKS && !held(room, content).isEmpty(); i++) {
            contract().passTime(HELD_AT_MOST.dividedBy(CHECKS));
            // A store may clean up when it is called, and on a thread of its own.
            roomIn(room.store()).destroy();
            Await.pause(Duration.ofMillis(10));
        }
        assertThat(held(room, content))
                .as("what is held %s after the end", HELD_AT_MOST)
                .isEmpty();
    }

    /** Asserts that a body that is forgotten is soon held nowhere, though nobody calls the store about its room. */
    void assertBodyNotHeld(RoomStore store, String name, WeakReference<String> body, String copy) {
        for (int i = 0; i < CHECKS && isHeld(body, copy); i++) {
            contract().passTime(HELD_AT_MOST.dividedBy(CHECKS));
            roomIn(store).destroy();
            Await.pause(Duration.ofMillis(10));
        }
        assertThat(isHeld(body, copy))
                .as("%s is held %s after it was forgotten", name, HELD_AT_MOST)
                .isFalse();
    }

    private boolean isHeld(WeakReference<String> body, String copy) {
        System.gc();
        return contract().holdsBodyOutsideThisJvm(copy) || (contract().isThisJvmJudged() && !body.refersTo(null));
    }

    private List<String> held(TestRoom room, Map<String, WeakReference<?>> content) {
        System.gc();
        if (contract().holdsOutsideThisJvm(room.incarnation())) {
            return List.of("something outside of this JVM");
        }
        if (!contract().isThisJvmJudged()) {
            return List.of();
        }
        return content.entrySet().stream()
                .filter(entry -> !entry.getValue().refersTo(null))
                .map(Map.Entry::getKey)
                .toList();
    }
}
