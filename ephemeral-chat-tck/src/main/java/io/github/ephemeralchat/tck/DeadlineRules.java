package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a moved deadline has to hold. */
@Tag("S16")
abstract class DeadlineRules extends StoreRules {

    private static final Duration MINUTE = RoomChange.Deadline.MIN_LEFT;
    private static final Duration A_MILLI = Duration.ofMillis(1);
    private static final Duration LATEST = Duration.ofHours(1);

    @Test
    void s16_end_moves_later() {
        assertMoves(Duration.ofMinutes(20));
    }

    @Test
    void s16_end_moves_earlier() {
        assertMoves(Duration.ofMinutes(5));
    }

    private void assertMoves(Duration life) {
        TestRoom room = roomToMove(store(), LONG_LIFE, LATEST);
        TestRoom elsewhere = onOtherNode(room);
        elsewhere.state();
        Instant end = room.room().createdAt().plus(life);

        var moved = assertStored(room, () -> move(room, end));

        var owner = room.owner().identity();
        assertEntry(moved.entry(), LogEntry.DEADLINE, owner, null, EntryBody.deadline(end));
        assertThat(moved.expiresAt()).isEqualTo(end);
        var expected = room.room().withExpiresAt(end);
        assertThat(elsewhere.present()).isEqualTo(expected);
        assertThat(elsewhere.seat(room.owner()).orElseThrow().room()).isEqualTo(expected);
        assertThat(elsewhere.post("k").expiresAt()).isEqualTo(end);
    }

    @Test
    void s16_same_end_again_changes_nothing() {
        TestRoom room = roomToMove(store(), LONG_LIFE, LATEST);
        Instant end = room.room().createdAt().plus(LATEST);
        move(room, end);

        assertNothingStored(room, () -> move(onOtherNode(room), end));
    }

    @Test
    void s16_end_is_a_minute_from_now_or_later() {
        TestRoom room = roomToMove(store(), LONG_LIFE, LATEST);
        Instant tooSoon =
                now(room).plus(MINUTE).minus(contract().timeTolerance()).minus(A_MILLI);
        assertOutOfBounds(room, tooSoon);
        assertOutOfBounds(room, now(room));
        assertOutOfBounds(room, room.room().createdAt());
        assertOutOfBounds(room, Instant.EPOCH);

        assertStored(room, () -> move(room, now(room).plus(MINUTE).plus(slack())));
    }

    @Test
    void s16_end_is_the_latest_end_at_most() {
        TestRoom room = roomToMove(store(), LONG_LIFE, LATEST);
        Instant latest = room.room().latestExpiresAt();
        assertOutOfBounds(room, latest.plus(A_MILLI));
        assertOutOfBounds(room, latest.plus(Duration.ofDays(365_000)));

        assertStored(room, () -> move(room, latest));

        assertOutOfBounds(room, latest.plus(A_MILLI));
    }

    @Test
    void s16_earlier_end_takes_nothing_from_the_latest_end() {
        TestRoom room = roomToMove(store(), LONG_LIFE, LATEST);
        move(room, room.room().createdAt().plus(MINUTE.multipliedBy(2)));

        assertStored(room, () -> move(room, room.room().latestExpiresAt()));
    }

    @Test
    void s16_end_moves_while_a_minute_is_left() {
        TestRoom room = roomToMove(store(), MINUTE.plus(slack()), LATEST);

        assertStored(room, () -> move(room, room.room().latestExpiresAt()));
    }

    @Test
    void s16_end_moves_no_more_with_less_than_a_minute_left() {
        var life = MINUTE.minus(contract().timeTolerance()).minus(A_MILLI);
        TestRoom room = roomToMove(store(), life, LATEST);

        for (Duration wanted : new Duration[] {Duration.ofMinutes(20), LATEST, LATEST.plus(A_MILLI)}) {
            Instant end = room.room().createdAt().plus(wanted);
            room.assertRefused(TooLateException.class, () -> move(room, end));
            room.assertRefused(TooLateException.class, () -> room.change(TestRoom.HOST, to(end)));
        }
    }

    /** One test for all that has to wait for an old end: if time cannot be set, it takes a minute. */
    @Test
    @Tag("S3")
    @Tag("S4")
    @Tag("S7")
    @Tag("S11")
    @Tag("S19")
    void s16_all_parts_of_a_room_take_the_new_end() {
        assumeTrue(contract().passesMinutes(), "a minute is too long for this test");
        var store = store();
        TestRoom later = roomToMove(store, MINUTE.plus(slack()), LATEST);
        var member = later.join();
        later.set("topic", "value");
        later.post(member, "k", "text");
        move(later, later.room().latestExpiresAt());
        TestRoom earlier = roomToMove(store, LONG_LIFE, LATEST);
        var content = write(earlier);
        earlier.set("topic", "value");
        Instant soon = now(earlier).plus(MINUTE).plus(slack());
        move(earlier, soon);
        RoomState before = later.state();
        var log = later.log();
        assertThat(onOtherNode(earlier).state().members()).hasSize(2);

        passUntil(store, soon);

        earlier.assertEnded();
        onOtherNode(earlier).assertEnded();
        for (TestRoom room : new TestRoom[] {onOtherNode(later), later}) {
            assertThat(room.state()).isEqualTo(before);
            assertThat(room.log()).isEqualTo(log);
            assertThat(room.isMember(member)).isTrue();
            assertThat(room.post(member, "k").stored()).as("a retry").isFalse();
        }
        assertNothingHeld(earlier, content);
        assertThat(again(earlier).sequences()).containsExactly(1L);
        assertThat(onOtherNode(later).post(member, "new").stored()).isTrue();
    }

    @Test
    @Tag("S7")
    @Tag("S11")
    void s16_room_ends_at_the_end_that_was_moved_later() {
        assumeTrue(isTimeExact() && contract().passesMinutes(), "two minutes are too long for this test");
        TestRoom room = roomToMove(store(), MINUTE.multipliedBy(2), LATEST);
        var content = write(room);
        Instant end = room.room().expiresAt().plus(MINUTE);
        move(room, end);

        passUntil(room.store(), end.minus(A_MILLI));
        assertThat(room.members()).as("until the new end").hasSize(2);
        passUntil(room.store(), end);

        room.assertEnded();
        onOtherNode(room).assertEnded();
        assertNothingHeld(room, content);
    }

    @Test
    @Tag("S8")
    @Tag("S11")
    void s8_s16_destroyed_room_leaves_nothing_wherever_its_end_was_moved() {
        var store = store();
        for (Duration life : new Duration[] {Duration.ofMinutes(2), Duration.ofMinutes(30)}) {
            TestRoom room = roomToMove(store, LONG_LIFE, LATEST);
            var content = write(room);
            move(room, room.room().createdAt().plus(life));

            room.destroy();

            room.assertEnded();
            assertNothingHeld(room, content);
        }
    }

    private static Instant now(TestRoom room) {
        return room.store().now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Optional<Appended> move(TestRoom room, Instant end) {
        return room.change(to(end));
    }

    private static RoomChange to(Instant end) {
        return new RoomChange.Deadline(end);
    }

    private static void assertOutOfBounds(TestRoom room, Instant end) {
        room.assertRefused(IllegalArgumentException.class, () -> move(room, end));
    }
}
