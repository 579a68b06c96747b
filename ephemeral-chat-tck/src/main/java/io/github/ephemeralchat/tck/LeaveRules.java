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
import io.github.ephemeralchat.tck.TestRoom.Guest;
import org.junit.jupiter.api.Test;

/** What {@link RoomStore#leave} has to hold. */
abstract class LeaveRules extends StoreRules {

    LeaveRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s13LeaveAppendsAnEntryThatSaysSo() {
        TestRoom room = room();
        Guest guest = room.join();
        EntryId before = room.head();

        Appended appended = room.leave(guest).orElseThrow();

        LogEntry entry = appended.entry();
        assertThat(appended.stored()).isTrue();
        assertThat(appended.room()).isEqualTo(room.incarnation());
        assertThat(appended.previous()).isEqualTo(before);
        assertThat(entry.id().sequence()).isEqualTo(before.sequence() + 1);
        assertThat(entry.kind()).isEqualTo(LogEntry.LEFT);
        assertThat(entry.sender()).isEqualTo(guest.identity());
        assertThat(entry.key()).isNull();
        assertThat(entry.body()).isEmpty();
        assertThat(room.log()).endsWith(entry);
    }

    @Test
    void s13AllTokensOfWhoLeftAreDeadOnEveryNode() {
        TestRoom room = room();
        Guest phone = room.join();
        Guest laptop = phone.withNewToken();
        room.join(laptop);

        room.leave(phone);

        TestRoom elsewhere = onOtherNode(room);
        assertThat(elsewhere.isMember(phone)).isFalse();
        assertThat(elsewhere.isMember(laptop)).isFalse();
        assertThat(elsewhere.members()).containsExactly(room.owner().identity());
        assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> elsewhere.post(laptop, "k"));
    }

    @Test
    void s13OldTokenStaysDeadWhenItsMemberComesBack() {
        TestRoom room = room();
        Guest guest = room.join();
        room.leave(guest);

        Guest back = guest.withNewToken();
        room.join(back);

        assertThat(room.isMember(guest)).isFalse();
        assertThat(room.isMember(back)).isTrue();
    }

    @Test
    void s13SeatOfWhoLeftIsFree() {
        TestRoom room = room(2);
        room.leave(room.join());

        assertThat(room.tryJoin(Guest.anybody())).isTrue();
        assertThat(room.tryJoin(Guest.anybody())).isFalse();
    }

    @Test
    void s13NobodyLeavesTwice() {
        TestRoom room = room();
        Guest guest = room.join();
        room.leave(guest);
        RoomState before = room.state();

        assertThat(room.leave(guest)).isEmpty();
        assertThat(room.leave(Guest.anybody())).isEmpty();

        assertThat(room.state()).isEqualTo(before);
    }

    @Test
    void s13RoomPassesToWhoJoinedFirstOfThosePresent() {
        TestRoom room = room();
        Guest second = room.join();
        Guest third = room.join();

        room.leave(second);
        room.leave(room.owner());

        assertThat(room.state().members()).containsExactly(new Member(third.identity(), 3, true));
    }

    @Test
    void s13OwnerWhoComesBackIsTheLast() {
        TestRoom room = room();
        Guest second = room.join();

        room.leave(room.owner());
        room.join(room.owner().withNewToken());

        assertThat(room.state().members())
                .containsExactly(
                        new Member(second.identity(), 2, true),
                        new Member(room.owner().identity(), 4, false));
    }

    @Test
    void s13RoomThatAllHaveLeftWaitsForItsNextOwner() {
        TestRoom room = room();
        room.leave(room.owner());
        assertThat(room.members()).isEmpty();

        Guest next = Guest.anybody();

        assertThat(room.join(next).seat().member()).isEqualTo(new Member(next.identity(), 3, true));
    }

    @Test
    void s9LeaveByTheKeyOfAnEarlierLifeTouchesNobody() {
        TestRoom old = room();
        old.destroy();
        TestRoom room = again(old);
        room.join(old.owner());

        old.assertOverForItsKey();

        assertThat(room.isMember(old.owner())).isTrue();
    }
}
