package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@link RoomStore#leave} has to hold, also if many call the store at once. */
@Tag("S13")
abstract class LeaveRules extends CrowdRules {

    private static final int VISITS = 25;

    LeaveRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s13_leave_appends_an_entry_that_says_so() {
        TestRoom room = room();
        Caller member = room.join();
        EntryId before = room.head();

        Appended appended = room.leave(member).orElseThrow();

        assertAppended(room, appended, before, LogEntry.LEFT, member.identity(), null, "");
    }

    @Test
    void s13_tokens_of_a_member_that_left_are_dead_everywhere() {
        TestRoom room = room();
        Caller phone = room.join();
        Caller laptop = phone.withNewToken();
        room.join(laptop);

        room.leave(phone);

        TestRoom elsewhere = onOtherNode(room);
        assertThat(elsewhere.isMember(phone)).isFalse();
        assertThat(elsewhere.isMember(laptop)).isFalse();
        assertThat(elsewhere.members()).containsExactly(room.owner().identity());
        assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> elsewhere.post(laptop, "k"));
    }

    @Test
    void s13_old_token_stays_dead_when_its_member_comes_back() {
        TestRoom room = room();
        Caller member = room.join();
        room.leave(member);
        Caller back = member.withNewToken();

        room.join(back);

        assertThat(room.isMember(member)).isFalse();
        assertThat(room.isMember(back)).isTrue();
    }

    @Test
    void s13_seat_of_a_member_that_left_is_free() {
        TestRoom room = room(2);
        room.leave(room.join());

        assertThat(room.tryJoin(Caller.create())).isTrue();
        assertThat(room.tryJoin(Caller.create())).isFalse();
    }

    @Test
    void s13_nobody_leaves_twice() {
        TestRoom room = room();
        Caller member = room.join();
        room.leave(member);
        RoomState before = room.state();

        assertThat(room.leave(member)).isEmpty();
        assertThat(room.leave(Caller.create())).isEmpty();

        assertThat(room.state()).isEqualTo(before);
    }

    @Test
    void s13_owner_is_who_joined_first_of_those_present() {
        TestRoom room = room();
        Caller second = room.join();
        Caller third = room.join();

        room.leave(second);
        room.leave(room.owner());
        assertThat(room.state().members()).containsExactly(new Member(third.identity(), 3, true));

        room.join(room.owner().withNewToken());
        assertThat(room.state().members())
                .as("an owner who comes back is the last")
                .containsExactly(
                        new Member(third.identity(), 3, true),
                        new Member(room.owner().identity(), 6, false));
    }

    @Test
    void s13_room_that_all_have_left_waits_for_its_next_owner() {
        TestRoom room = room();
        room.leave(room.owner());
        assertThat(room.members()).isEmpty();

        Caller next = Caller.create();

        assertThat(room.join(next).seat().member()).isEqualTo(new Member(next.identity(), 3, true));
    }

    @Test
    @Tag("S6")
    void s6_s13_coming_and_going_never_overfills_the_room() {
        TestRoom room = room(3);

        crowd.all(
                i -> IntStream.range(0, VISITS).filter(n -> joinAndLeave(room)).count());

        long present = 0;
        for (LogEntry entry : room.log()) {
            present += entry.kind().equals(LogEntry.JOINED) ? 1 : -1;
            assertThat(present).as("members after entry %s", entry.id()).isBetween(1L, 3L);
        }
        assertThat(room.members()).containsExactly(room.owner().identity());
    }

    @Test
    @Tag("S1")
    void s1_s13_one_of_many_leaves_counts() {
        TestRoom room = room();
        Caller member = room.join();

        List<Optional<Appended>> answers = crowd.all(i -> room.leave(member));

        assertThat(answers).filteredOn(Optional::isPresent).hasSize(1);
        assertDense(room.log(), 1, 3);
    }

    @Test
    @Tag("S1")
    void s1_s13_head_of_a_seat_is_older_than_its_leave() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room();
            TestRoom elsewhere = onOtherNode(room);
            Caller member = room.join();

            List<Long> heads = crowd.all(i -> i == 0 ? leaveSoon(room, member) : lastHead(elsewhere, member));

            assertThat(heads).as("the last heads beside the member").allMatch(head -> head < 3);
        }
    }

    @Test
    @Tag("S5")
    void s5_s13_nothing_of_a_member_comes_after_it_left() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room();
            Caller member = room.join();

            whilePostingAs(room, member, () -> room.leave(member), () -> {});

            List<LogEntry> log = room.log();
            assertThat(log.get(log.size() - 1).kind()).isEqualTo(LogEntry.LEFT);
        }
    }

    private static boolean joinAndLeave(TestRoom room) {
        Caller caller = Caller.create();
        return room.tryJoin(caller) && room.leave(caller).isPresent();
    }

    private static long leaveSoon(TestRoom room, Caller member) {
        Await.pause(A_MOMENT);
        room.leave(member);
        return 0;
    }

    /** The head beside the member, when it was last seen. */
    private static long lastHead(TestRoom room, Caller member) {
        long head = 0;
        Optional<Seat> seat = room.seat(member);
        while (seat.isPresent()) {
            head = seat.get().head().sequence();
            seat = room.seat(member);
        }
        return head;
    }
}
