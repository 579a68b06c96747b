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
import io.github.ephemeralchat.tck.TestRoom.Caller;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@link RoomStore#leave} has to hold. */
abstract class LeaveRules extends StoreRules {

    LeaveRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    @Tag("S13")
    void s13_leave_appends_an_entry_that_says_so() {
        TestRoom room = room();
        Caller member = room.join();
        EntryId before = room.head();

        Appended appended = room.leave(member).orElseThrow();

        assertAppended(room, appended, before, LogEntry.LEFT, member.identity(), null, "");
    }

    @Test
    @Tag("S13")
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
    @Tag("S13")
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
    @Tag("S13")
    void s13_seat_of_a_member_that_left_is_free() {
        TestRoom room = room(2);
        room.leave(room.join());

        assertThat(room.tryJoin(Caller.create())).isTrue();
        assertThat(room.tryJoin(Caller.create())).isFalse();
    }

    @Test
    @Tag("S13")
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
    @Tag("S13")
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
    @Tag("S13")
    void s13_room_that_all_have_left_waits_for_its_next_owner() {
        TestRoom room = room();
        room.leave(room.owner());
        assertThat(room.members()).isEmpty();

        Caller next = Caller.create();

        assertThat(room.join(next).seat().member()).isEqualTo(new Member(next.identity(), 3, true));
    }
}
