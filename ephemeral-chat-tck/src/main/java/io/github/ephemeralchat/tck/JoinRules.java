package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.tck.TestRoom.Guest;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link RoomStore#join} and {@link RoomStore#authenticate} have to hold. */
abstract class JoinRules extends StoreRules {

    JoinRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s2JoinAppendsAnEntryThatSaysSo() {
        TestRoom room = room();
        EntryId before = room.head();
        Guest guest = Guest.anybody();

        Joined joined = room.join(guest);

        Appended appended = Objects.requireNonNull(joined.appended());
        LogEntry entry = appended.entry();
        assertThat(appended.stored()).isTrue();
        assertThat(appended.room()).isEqualTo(room.incarnation());
        assertThat(appended.previous()).isEqualTo(before);
        assertThat(entry.id().sequence()).isEqualTo(2);
        assertThat(entry.kind()).isEqualTo(LogEntry.JOINED);
        assertThat(entry.sender()).isEqualTo(guest.identity());
        assertThat(entry.key()).isNull();
        assertThat(entry.body()).isEmpty();
        assertThat(room.log()).endsWith(entry);
    }

    @Test
    void s3JoinedMemberIsKnownOnEveryNode() {
        TestRoom room = room();
        Guest guest = Guest.anybody();

        Seat seat = room.join(guest).seat();

        TestRoom elsewhere = onOtherNode(room);
        assertThat(seat)
                .isEqualTo(new Seat(room.room(), elsewhere.state().head(), new Member(guest.identity(), 2, false)));
        assertThat(elsewhere.store().authenticate(room.id(), guest.token())).contains(seat);
        assertThat(elsewhere.state().members())
                .containsExactly(new Member(room.owner().identity(), 1, true), seat.member());
    }

    @Test
    void s3NameIsKeptAsItIs() {
        TestRoom room = room();
        Identity odd = new Identity("id \" ' \\ : {} \u00e9", "\ud834\udd1e <b>&amp; \u202e \"");

        room.join(new Guest(odd, Guest.anybody().token()));

        assertThat(room.members()).contains(odd);
        assertThat(room.log()).extracting(LogEntry::sender).contains(odd);
    }

    @Test
    void s6SecondJoinOfAnIdentityTakesTheSameSeat() {
        TestRoom room = room();
        Guest phone = Guest.anybody();
        Joined first = room.join(phone);
        RoomState before = room.state();

        Guest laptop = phone.withNewToken();
        Joined second = room.join(laptop);

        assertThat(second).isEqualTo(new Joined(first.seat(), null));
        assertThat(room.state()).isEqualTo(before);
        assertThat(room.isMember(phone)).isTrue();
        assertThat(room.isMember(laptop)).isTrue();
    }

    @Test
    void s6OwnerWhoJoinsAgainStaysTheOwner() {
        TestRoom room = room();
        room.join();

        Joined again = room.join(room.owner().withNewToken());

        assertThat(again.seat().member()).isEqualTo(new Member(room.owner().identity(), 1, true));
    }

    @Test
    void s6NinthTokenOfASeatDropsTheOldest() {
        TestRoom room = room();
        Guest guest = Guest.anybody();
        List<Guest> devices = Stream.generate(guest::withNewToken)
                .limit(RoomStore.MAX_TOKENS_PER_SEAT + 1)
                .toList();

        devices.forEach(room::join);

        assertThat(devices.get(0)).as("the oldest").matches(device -> !room.isMember(device));
        assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> room.post(devices.get(0), "k"));
        assertThat(devices.subList(1, devices.size())).allMatch(room::isMember);
        assertThat(room.isMember(room.owner())).as("another member").isTrue();
    }

    @Test
    void s6FullRoomRefusesAndStaysAsItIs() {
        TestRoom room = room(2);
        room.join();
        RoomState before = room.state();
        Guest third = Guest.anybody();

        assertThatExceptionOfType(RoomFullException.class).isThrownBy(() -> room.join(third));

        assertThat(room.state()).isEqualTo(before);
        assertThat(room.isMember(third)).isFalse();
    }

    @Test
    void s6MemberOfAFullRoomMayJoinAgain() {
        TestRoom room = room(2);
        Guest guest = room.join();

        Guest again = guest.withNewToken();

        assertThat(room.join(again).appended()).isNull();
        assertThat(room.isMember(again)).isTrue();
    }

    @Test
    void s6RoomOfOneSeatIsFullFromTheStart() {
        assertThat(room(1).tryJoin(Guest.anybody())).isFalse();
    }

    @Test
    void s5TokenCountsInItsOwnRoomOnly() {
        RoomStore store = store();
        TestRoom room = TestRoom.create(store, RoomId.random(), LONG_LIFE, SEATS);
        TestRoom other = TestRoom.create(store, RoomId.random(), LONG_LIFE, SEATS);

        assertThat(other.isMember(room.owner())).isFalse();
        assertThat(room.isMember(other.owner())).isFalse();
        assertThat(room.isMember(Guest.anybody())).isFalse();
    }

    @Test
    void s9CallsOnACodeThatNeverWasMakeNothing() {
        TestRoom.notCreated(store(), RoomId.random(), LONG_LIFE, SEATS).assertOver();
    }
}
