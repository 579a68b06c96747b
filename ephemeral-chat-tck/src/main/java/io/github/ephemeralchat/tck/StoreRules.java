package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Lets time pass until the room's deadline has come, and no longer than it must. */
    void passDeadline(TestRoom room) {
        var end = room.room().expiresAt().plus(contract().timeTolerance());
        while (room.store().now().isBefore(end)) {
            contract().passTime(Duration.between(room.store().now(), end));
        }
    }

    /** Asserts that a call stored an entry, which the log ends with, after a head. */
    static void assertAppended(TestRoom room, EntryId head, Appended appended) {
        var entry = appended.entry();
        assertThat(entry.id().sequence()).isEqualTo(head.sequence() + 1);
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
                        room.room().expiresAt()));
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
}
