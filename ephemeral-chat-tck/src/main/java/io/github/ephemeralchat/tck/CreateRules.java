package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Guest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link RoomStore#create} and {@link RoomStore#find} have to hold. */
abstract class CreateRules extends StoreRules {

    CreateRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s2FirstEntrySaysThatTheOwnerJoined() {
        TestRoom room = room();

        LogEntry first = room.readAfter(EntryId.START).entries().get(0);

        assertThat(first.id().sequence()).isEqualTo(1);
        assertThat(first.kind()).isEqualTo(LogEntry.JOINED);
        assertThat(first.sender()).isEqualTo(room.owner().identity());
        assertThat(first.key()).isNull();
        assertThat(first.body()).isEmpty();
        assertThat(room.head()).isEqualTo(first.id());
    }

    @Test
    void s3CreatedRoomIsFoundAsItWasOnEveryNode() {
        TestRoom room = room();

        RoomState state = onOtherNode(room).state();

        assertThat(state.room()).isEqualTo(room.room());
        assertThat(state.members()).containsExactly(new Member(room.owner().identity(), 1, true));
    }

    @Test
    void s3EveryPropertyOfARoomIsKept() {
        RoomStore store = store();
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        Room room = new Room(
                new RoomIncarnation(RoomId.random(), Long.MIN_VALUE),
                now.minusMillis(1),
                now.plusMillis(123_456),
                1000,
                true);

        store.create(room, Guest.anybody().identity(), Guest.anybody().token());

        assertThat(store.find(room.id()).orElseThrow().room()).isEqualTo(room);
    }

    @Test
    void s3RoomMayLiveForCenturies() {
        TestRoom room = TestRoom.create(store(), RoomId.random(), Duration.ofDays(400 * 365), SEATS);

        room.post(room.owner(), "k");

        assertThat(room.keys()).containsExactly("k");
    }

    @Test
    void s1CreateOnATakenCodeChangesNothing() {
        TestRoom room = room();
        TestRoom second = TestRoom.notCreated(onOtherNode(room).store(), room.id(), LONG_LIFE, SEATS);
        RoomState before = room.state();
        List<LogEntry> log = room.log();

        assertThat(second.tryCreate()).isFalse();

        assertThat(room.state()).isEqualTo(before);
        assertThat(room.log()).isEqualTo(log);
        assertThat(room.isMember(room.owner())).isTrue();
        assertThat(room.isMember(second.owner())).isFalse();
    }

    @Test
    void s7CreateAtItsDeadlineMakesNothing() {
        RoomStore store = store();
        Instant over = store.now().minus(timeTolerance()).truncatedTo(ChronoUnit.MILLIS);
        Room room = new Room(new RoomIncarnation(RoomId.random(), 1), over.minusSeconds(60), over, SEATS, false);
        TestRoom dead = new TestRoom(store, room, Guest.anybody());

        assertThat(dead.tryCreate()).isFalse();

        dead.assertOver();
    }

    @Test
    void s9UsedCodeGetsARoomThatSharesNothingWithTheDestroyedOne() {
        TestRoom old = room();
        Guest guest = old.join();
        old.post(guest, "k", "old");
        old.destroy();

        assertSharesNothing(old, guest);
    }

    @Test
    void s9UsedCodeGetsARoomThatSharesNothingWithTheExpiredOne() {
        TestRoom old = shortLivedRoom();
        Guest guest = old.join();
        old.post(guest, "k", "old");
        passDeadline(old);

        assertSharesNothing(old, guest);
    }

    private void assertSharesNothing(TestRoom old, Guest guest) {
        TestRoom room = again(old);

        assertThat(room.members()).containsExactly(room.owner().identity());
        assertThat(room.isMember(guest)).isFalse();
        assertThat(room.log()).extracting(LogEntry::kind).containsExactly(LogEntry.JOINED);
        assertThat(room.sequences()).containsExactly(1L);

        room.join(guest);
        assertThat(room.post(guest, "k", "new").stored())
                .as("the old room's key is forgotten")
                .isTrue();
        onOtherNode(old).assertOverForItsKey();
        assertThat(room.keys()).containsExactly("k");
    }
}
