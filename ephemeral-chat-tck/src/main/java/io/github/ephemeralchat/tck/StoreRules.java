package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What the groups of a store's rules have in common: rooms in a store, and time. */
abstract class StoreRules {

    static final Duration LONG_LIFE = Duration.ofMinutes(10);
    static final int SEATS = 5;
    static final long MUCH_TEXT = 1 << 20;

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

    /** Asserts all that a call says of its entry, which is the log's newest, but its nonce and its time. */
    static void assertAppended(
            TestRoom room,
            Appended appended,
            EntryId head,
            String kind,
            Identity sender,
            @Nullable String key,
            String body) {
        LogEntry entry = appended.entry();
        assertThat(appended).isEqualTo(new Appended(room.incarnation(), entry, head, true, appended.announced()));
        assertThat(room.log()).endsWith(entry);
        assertEntry(entry, head.sequence() + 1, kind, sender, key, body);
    }

    static void assertEntry(
            LogEntry entry, long sequence, String kind, Identity sender, @Nullable String key, String body) {
        var expected = new LogEntry(new EntryId(sequence, entry.id().nonce()), kind, sender, key, body, entry.at());
        assertThat(entry).usingRecursiveComparison().isEqualTo(expected);
    }

    static void assertDense(List<LogEntry> log, long first, long last) {
        assertThat(log.stream().mapToLong(entry -> entry.id().sequence()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, last).boxed().toList());
    }
}
