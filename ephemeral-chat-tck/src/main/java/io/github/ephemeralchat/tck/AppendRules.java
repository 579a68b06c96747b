package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Guest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link RoomStore#append} has to hold. */
abstract class AppendRules extends StoreRules {

    private static final long MUCH_TEXT = 1 << 20;

    AppendRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s3EntryIsKeptAsItIsOnEveryNode() {
        TestRoom room = room();
        EntryId before = room.head();
        String body = "a\n\r\n\t\u0000\u0001\u2028 \" \\ ' {} %s \ud834\udd1e \u00e9 ";

        Appended appended = room.store().append(room.id(), room.owner().token(), new Draft("x.unknown", "K-_1", body));

        LogEntry entry = appended.entry();
        assertThat(appended.stored()).isTrue();
        assertThat(appended.room()).isEqualTo(room.incarnation());
        assertThat(appended.previous()).isEqualTo(before);
        assertThat(entry.kind()).isEqualTo("x.unknown");
        assertThat(entry.key()).isEqualTo("K-_1");
        assertThat(entry.body()).isEqualTo(body);
        assertThat(entry.sender()).isEqualTo(room.owner().identity());
        assertThat(onOtherNode(room).readAfter(before).entries()).containsExactly(entry);
        assertThat(onOtherNode(room).head()).isEqualTo(entry.id());
    }

    @Test
    void s3EntryBearsTheStoresTime() {
        TestRoom room = room();
        Duration leeway = timeTolerance().plusMillis(1);
        Instant before = room.store().now().minus(leeway);

        Instant at = room.post(room.owner(), "k").entry().at();

        assertThat(at).isBetween(before, room.store().now().plus(leeway));
    }

    @Test
    void s2SequencesAreDenseOverAllKindsOfEntries() {
        TestRoom room = room();
        Guest guest = room.join();
        room.post(guest, "a");
        room.post(room.owner(), "a");
        room.leave(guest);
        room.join();

        assertThat(room.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void s2NoncesAreDrawnAtRandom() {
        TestRoom room = room();
        IntStream.range(0, 50).forEach(i -> room.post(room.owner(), "k" + i));
        TestRoom twin = room();

        List<Long> nonces = room.log().stream().map(entry -> entry.id().nonce()).toList();

        assertThat(nonces).allMatch(nonce -> nonce >= 1).doesNotHaveDuplicates();
        assertThat(twin.head())
                .as("the first id of another room")
                .isNotEqualTo(room.log().get(0).id());
    }

    @Test
    void s5AppendByAStrangerIsRefused() {
        TestRoom room = room();
        Guest neighbour =
                TestRoom.create(room.store(), RoomId.random(), LONG_LIFE, SEATS).owner();

        assertRefused(room, Guest.anybody());
        assertRefused(room, neighbour);
        assertRefused(room, room.owner().withNewToken());

        assertThat(room.sequences()).containsExactly(1L);
    }

    @Test
    void s5AppendByWhoLeftIsRefused() {
        TestRoom room = room();
        Guest guest = room.join();
        room.post(guest, "k");
        room.leave(guest);

        assertRefused(room, guest);
        assertThatExceptionOfType(NotAParticipantException.class)
                .as("a retry too")
                .isThrownBy(() -> room.post(guest, "k"));
        assertThat(room.keys()).containsExactly("k");
    }

    @Test
    void s5s9TokenOfAnEarlierLifeIsNoMember() {
        TestRoom old = room();
        old.destroy();
        TestRoom room = again(old);

        assertRefused(room, old.owner());

        assertThat(room.sequences()).containsExactly(1L);
    }

    private static void assertRefused(TestRoom room, Guest guest) {
        assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> room.post(guest, "refused"));
    }

    @Test
    void s4RetryReturnsTheEntryAndStoresNothing() {
        TestRoom room = room();
        LogEntry first = room.post(room.owner(), "k", "first").entry();
        room.post(room.owner(), "other");
        EntryId head = room.head();

        Appended retry = onOtherNode(room).post(room.owner(), "k", "another text");

        assertThat(retry.stored()).isFalse();
        assertThat(retry.entry()).isEqualTo(first);
        assertThat(room.head()).isEqualTo(head);
        assertThat(room.keys()).containsExactly("k", "other");
    }

    @Test
    void s4RetryFromAnotherDeviceOfTheMemberStoresNothing() {
        TestRoom room = room();
        Guest laptop = room.owner().withNewToken();
        room.join(laptop);
        room.post(room.owner(), "k");

        assertThat(room.post(laptop, "k").stored()).isFalse();
    }

    @Test
    void s4RetryAfterLeavingAndComingBackStoresNothing() {
        TestRoom room = room();
        Guest guest = room.join();
        LogEntry first = room.post(guest, "k").entry();
        room.leave(guest);
        Guest back = guest.withNewToken();
        room.join(back);

        Appended retry = room.post(back, "k");

        assertThat(retry.stored()).isFalse();
        assertThat(retry.entry()).isEqualTo(first);
    }

    @Test
    void s4SameKeyOfAnotherMemberIsAnotherEntry() {
        TestRoom room = room();
        Guest guest = room.join();
        room.post(room.owner(), "k");

        Appended others = room.post(guest, "k");

        assertThat(others.stored()).isTrue();
        assertThat(others.entry().sender()).isEqualTo(guest.identity());
        assertThat(room.keys()).containsExactly("k", "k");
    }

    @Test
    void s4s10KeyCountsAsLongAsItsEntryIsKept() {
        TestRoom room = room(new LogLimits(3, MUCH_TEXT));
        post(room, "a", "b", "c");

        assertThat(room.post(room.owner(), "a").stored()).as("still kept").isFalse();
        post(room, "d");
        assertThat(room.post(room.owner(), "a").stored()).as("trimmed").isTrue();
        assertThat(room.post(room.owner(), "a").stored()).as("kept again").isFalse();
        assertThat(room.keys()).containsExactly("c", "d", "a");
    }

    @Test
    void s10NewestEntriesAreKeptAndTheOthersTrimmed() {
        TestRoom room = room(new LogLimits(4, MUCH_TEXT));

        post(room, "a", "b", "c");
        assertThat(room.sequences()).as("exactly at the limit").containsExactly(1L, 2L, 3L, 4L);

        post(room, "d", "e");
        assertThat(room.sequences()).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void s10EntriesOfTheStoreItselfCountToo() {
        TestRoom room = room(new LogLimits(2, MUCH_TEXT));
        post(room, "a");

        room.leave(room.join());

        assertThat(room.log()).extracting(LogEntry::kind).containsExactly(LogEntry.JOINED, LogEntry.LEFT);
    }

    @Test
    void s10TextIsLimitedInBytesOfUtf8() {
        TestRoom room = room(new LogLimits(100, 10));
        room.post(room.owner(), "a", "123");
        room.post(room.owner(), "b", "\u00e9\u00e9\u00e9");
        room.post(room.owner(), "c", "7");
        assertThat(room.keys()).as("exactly at the limit").containsExactly("a", "b", "c");

        room.post(room.owner(), "d", "8");
        assertThat(room.keys()).containsExactly("b", "c", "d");
    }

    @Test
    void s10NewestEntryIsKeptEvenWhereItAloneIsOverTheLimit() {
        TestRoom room = room(new LogLimits(100, 10));
        post(room, "a");

        room.post(room.owner(), "big", "more than ten bytes");
        assertThat(room.keys()).containsExactly("big");
        assertThat(room.log()).hasSize(1);

        room.post(room.owner(), "small", "s");
        assertThat(room.keys()).containsExactly("small");
    }

    @Test
    void s10LogOfOneEntryKeepsTheNewest() {
        TestRoom room = room(new LogLimits(1, MUCH_TEXT));

        post(room, "a", "b");

        assertThat(room.keys()).containsExactly("b");
        assertThat(room.sequences()).containsExactly(3L);
    }

    private static void post(TestRoom room, String... keys) {
        for (String key : keys) {
            room.post(room.owner(), key);
        }
    }
}
