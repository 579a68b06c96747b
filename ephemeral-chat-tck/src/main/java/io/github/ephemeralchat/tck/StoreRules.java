package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What the groups of a store's rules have in common: rooms in a store, and time. */
abstract class StoreRules {

    static final Duration LONG_LIFE = Duration.ofMinutes(10);
    static final int SEATS = 5;
    static final long MUCH_TEXT = 1 << 20;

    private final RoomStoreContract contract;

    StoreRules(RoomStoreContract contract) {
        this.contract = contract;
    }

    RoomStore store() {
        return contract.createStore(LogLimits.DEFAULT);
    }

    TestRoom room() {
        return room(SEATS);
    }

    TestRoom room(int seats) {
        return TestRoom.create(store(), RoomId.random(), LONG_LIFE, seats);
    }

    TestRoom room(LogLimits limits) {
        return TestRoom.create(contract.createStore(limits), RoomId.random(), LONG_LIFE, SEATS);
    }

    TestRoom shortLivedRoom() {
        return TestRoom.create(store(), RoomId.random(), contract.shortLife(), SEATS);
    }

    /** Another room in the same store. */
    static TestRoom roomBeside(TestRoom room) {
        return TestRoom.create(room.store(), RoomId.random(), LONG_LIFE, SEATS);
    }

    /** Another incarnation under the same code. */
    static TestRoom again(TestRoom room) {
        return TestRoom.create(room.store(), room.id(), LONG_LIFE, SEATS);
    }

    /** A destroyed room. */
    TestRoom destroyedRoom() {
        TestRoom room = room();
        assertThat(room.destroy()).as("destroy of a living room").isTrue();
        return room;
    }

    /** The same room as another node sees it; for rooms with the usual limits. */
    TestRoom onOtherNode(TestRoom room) {
        return room.on(contract.createOtherNode(room.store(), LogLimits.DEFAULT));
    }

    void passTime(Duration duration) {
        contract.passTime(duration);
    }

    Duration timeTolerance() {
        return contract.timeTolerance();
    }

    /** Lets time pass until the room's deadline has come, and no longer than it must. */
    void passDeadline(TestRoom room) {
        Instant end = room.room().expiresAt().plus(timeTolerance());
        while (room.store().now().isBefore(end)) {
            passTime(Duration.between(room.store().now(), end));
        }
    }

    boolean holdsOutsideThisJvm(RoomIncarnation room) {
        return contract.holdsOutsideThisJvm(room);
    }

    static void assertAppended(
            TestRoom room,
            Appended appended,
            EntryId head,
            String kind,
            Identity sender,
            @Nullable String key,
            String body) {
        assertEntry(appended.entry(), head, kind, sender, key, body);
        assertThat(appended)
                .isEqualTo(new Appended(room.incarnation(), appended.entry(), head, true, appended.announced()));
        assertThat(room.log()).endsWith(appended.entry());
    }

    /** Asserts all of an entry but its nonce and its time. */
    static void assertEntry(
            LogEntry entry, EntryId previous, String kind, Identity sender, @Nullable String key, String body) {
        EntryId id = new EntryId(previous.sequence() + 1, entry.id().nonce());
        assertThat(entry).usingRecursiveComparison().isEqualTo(new LogEntry(id, kind, sender, key, body, entry.at()));
    }

    static void assertDense(List<LogEntry> log, long first, long last) {
        assertThat(log)
                .extracting(entry -> entry.id().sequence())
                .isEqualTo(LongStream.rangeClosed(first, last).boxed().toList());
    }
}
