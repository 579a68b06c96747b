package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code leave} has to hold, also if many call the store at once. */
@Tag("S13")
abstract class LeaveRules extends StoreRules {

    private static final int VISITS = 25;

    @Test
    void s13_leave_appends_an_entry_that_says_so() {
        TestRoom room = room();
        var member = room.join();
        var before = room.head();

        var appended = room.leave(member).orElseThrow();

        assertAppended(room, before, appended);
        assertEntry(appended.entry(), LogEntry.LEFT, member.identity(), null, "");
    }

    @Test
    void s13_tokens_of_a_member_that_left_are_dead_everywhere() {
        TestRoom room = room();
        var phone = room.join();
        var laptop = room.joinAgain(phone);

        room.leave(phone);

        TestRoom elsewhere = onOtherNode(room);
        assertThat(elsewhere.isMember(phone)).isFalse();
        assertThat(elsewhere.isMember(laptop)).isFalse();
        assertThat(elsewhere.members()).containsExactly(room.owner().identity());
        elsewhere.assertRefused(laptop, "k");
    }

    @Test
    void s13_old_token_stays_dead_when_its_member_comes_back() {
        TestRoom room = room();
        var member = room.join();
        room.leave(member);

        var back = room.joinAgain(member);

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
    void s13_token_that_was_just_valid_is_dead_after_the_leave() {
        TestRoom room = room();
        var phone = room.join();
        var laptop = room.joinAgain(phone);
        assertThat(List.of(phone, laptop)).allMatch(room::isMember);
        room.post(laptop, "known");

        room.leave(phone);

        assertThat(List.of(phone, laptop)).noneMatch(room::isMember);
        room.assertRefused(laptop, "known");
        assertThat(room.isMember(room.owner())).isTrue();
    }

    @Test
    @Tag("S6")
    void s6_s13_leave_of_nobody_frees_no_seat() {
        TestRoom room = room(3);
        var member = room.join();
        room.leave(member);
        room.leave(member);
        room.leave(Caller.create());

        room.join();
        room.join();

        assertThat(room.tryJoin(Caller.create())).isFalse();
        assertThat(room.members()).hasSize(3);
    }

    @Test
    void s13_head_moves_with_every_leave() {
        TestRoom room = room();
        var first = room.join();
        var second = room.join();

        assertStored(room, () -> room.leave(first));
        assertStored(room, () -> room.leave(room.owner()));
        var last = assertStored(room, () -> room.leave(second));

        assertThat(onOtherNode(room).head()).isEqualTo(last.entry().id());
    }

    @Test
    void s13_nobody_leaves_twice() {
        TestRoom room = room();
        var member = room.join();
        room.leave(member);
        var before = room.state();

        assertThat(room.leave(member)).isEmpty();
        assertThat(room.leave(Caller.create())).isEmpty();

        assertThat(room.state()).isEqualTo(before);
    }

    @Test
    void s13_owner_is_who_joined_first_of_those_present() {
        TestRoom room = room();
        var second = room.join();
        var third = room.join();

        room.leave(second);
        room.leave(room.owner());
        var oldest = new Member(third.identity(), 3, Role.OWNER);
        assertThat(room.state().members()).containsExactly(oldest);

        room.joinAgain(room.owner());
        assertThat(room.state().members())
                .as("an owner who comes back is the last")
                .containsExactly(oldest, new Member(room.owner().identity(), 6, Role.MEMBER));
    }

    @Test
    void s13_room_that_all_have_left_waits_for_its_next_owner() {
        TestRoom room = room();
        room.leave(room.owner());
        assertThat(room.members()).isEmpty();

        var next = Caller.create();

        assertThat(room.join(next).seat().member()).isEqualTo(new Member(next.identity(), 3, Role.OWNER));
    }

    @Test
    @Tag("S6")
    void s6_s13_coming_and_going_never_overfills_the_room() {
        TestRoom room = room(3);

        crowd.all(i -> joinAndLeave(room, VISITS));

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
        var member = room.join();

        var left = crowd.all(i -> room.leave(member));

        assertThat(left).filteredOn(Optional::isPresent).hasSize(1);
        assertDense(room.log(), 1, 3);
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    void s1_s13_head_of_a_seat_is_older_than_its_leave() {
        TestRoom room = room();
        TestRoom elsewhere = onOtherNode(room);
        var member = room.join();

        var heads = crowd.all(i -> i == 0 ? leaveSoon(room, member) : lastHead(elsewhere, member));

        assertThat(heads).as("the last heads beside the member").allMatch(head -> head < 3);
    }

    @RepeatedTest(ROUNDS)
    @Tag("S5")
    void s5_s13_nothing_of_a_member_comes_after_it_left() {
        TestRoom room = room();
        var member = room.join();

        whilePostingAs(room, member, () -> room.leave(member), () -> {});

        assertThat(room.log()).last().returns(LogEntry.LEFT, LogEntry::kind);
    }

    private static long joinAndLeave(TestRoom room, int visits) {
        return Stream.generate(Caller::create)
                .limit(visits)
                .filter(room::tryJoin)
                .flatMap(caller -> room.leave(caller).stream())
                .count();
    }

    private static long leaveSoon(TestRoom room, Caller member) {
        Await.pause(A_MOMENT);
        room.leave(member);
        return 0;
    }

    /** The head beside the member, when it was last seen. */
    private static long lastHead(TestRoom room, Caller member) {
        long head = 0;
        for (var seat = room.seat(member); seat.isPresent(); seat = room.seat(member)) {
            head = seat.get().head().sequence();
        }
        return head;
    }
}
