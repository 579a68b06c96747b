package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a store has to hold about the end of a room, by its deadline or by {@code destroy}. */
abstract class EndRules extends StoreRules {

    private static final Duration WATCHED = Duration.ofMillis(100);
    private static final int CALLS = 1_000;

    @Test
    @Tag("S7")
    void s7_room_has_ended_at_its_deadline_which_nothing_moves() {
        TestRoom room = shortLivedRoom();
        TestRoom other = roomIn(room.store());
        var member = room.join();
        room.post(member, "k");
        room.leave(member);
        room.log();

        passDeadline(room);

        room.assertEnded();
        onOtherNode(room).assertEnded();
        other.post("k");
        assertThat(other.keys()).as("another room's log").containsExactly("k");
    }

    @Test
    @Tag("S7")
    void s7_room_lives_until_its_deadline() {
        TestRoom room = shortLivedRoom();
        var deadline = room.room().expiresAt();
        var last = deadline.minus(contract().timeTolerance()).minusMillis(1);
        contract().passTime(Duration.between(room.store().now(), last));

        boolean found = room.store().find(room.id()).isPresent();

        // If time cannot be stopped, the test may have come too late to say anything.
        boolean inTime = room.store().now().plus(contract().timeTolerance()).isBefore(deadline);
        assertThat(found || !inTime).as("found just before the deadline").isTrue();
    }

    @Test
    @Tag("S7")
    void s7_time_goes_forward() {
        var store = store();
        var before = store.now();

        contract().passTime(Duration.ofMillis(20));

        assertThat(store.now()).isAfter(before);
    }

    @Test
    @Tag("S7")
    void s7_time_never_goes_back() {
        var store = store();
        var end = System.nanoTime() + WATCHED.toNanos();
        var last = store.now();

        for (int i = 0; i < CALLS || System.nanoTime() < end; i++) {
            var next = store.now();
            assertThat(next).isAfterOrEqualTo(last);
            last = next;
        }
    }

    @Test
    @Tag("S8")
    void s8_destroyed_room_has_ended_on_every_node() {
        TestRoom room = room();
        TestRoom other = roomIn(room.store());
        room.post("k");

        assertThat(room.destroy()).isTrue();

        room.assertEnded();
        onOtherNode(room).assertEnded();
        assertThat(other.members()).as("another room's members").hasSize(1);
    }

    @Test
    @Tag("S9")
    void s9_late_calls_reach_no_later_room_under_the_code() {
        TestRoom old = destroyedRoom();
        old.assertEnded();
        TestRoom room = again(old);
        room.join(old.owner());

        old.assertIncarnationEnded();

        assertThat(room.sequences()).containsExactly(1L, 2L);
        assertThat(room.members())
                .containsExactly(room.owner().identity(), old.owner().identity());
        assertThat(room.isMember(old.owner())).isTrue();
    }

    @Test
    @Tag("S11")
    void s11_nothing_of_a_destroyed_room_is_held() {
        assertNothingHeldAfter(TestRoom::destroy, room());
    }

    @Test
    @Tag("S11")
    void s11_nothing_of_an_expired_room_is_held() {
        assertNothingHeldAfter(this::passDeadline, shortLivedRoom());
    }
}
