package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who has which role, and who becomes the owner. */
@Tag("S13")
abstract class OwnerRules extends StoreRules {

    @Test
    void s13_owner_hands_the_room_over() {
        TestRoom room = room();
        var second = room.join();
        var third = room.join();

        assertStored(room, () -> room.change(assigning(third, Role.OWNER)));

        assertThat(room.roles())
                .containsExactly(
                        entry(third.identity(), Role.OWNER),
                        entry(room.owner().identity(), Role.MEMBER),
                        entry(second.identity(), Role.MEMBER));
        assertThat(onOtherNode(room).state()).isEqualTo(room.state());
        assertThat(room.seat(third).orElseThrow().member()).isEqualTo(new Member(third.identity(), 3, Role.OWNER));
        room.assertRefused(NotPermittedException.class, () -> room.change(assigning(second, Role.OWNER)));
        assertStored(room, () -> room.change(third.actor(), assigning(second, Role.READER)));
    }

    @Test
    void s13_heir_is_who_joined_first_of_many() {
        TestRoom room = room();
        var second = room.join();
        var heir = room.join();
        var fourth = room.join();
        var fifth = room.join();
        room.leave(second);

        room.leave(room.owner());

        assertThat(room.roles())
                .containsExactly(
                        entry(heir.identity(), Role.OWNER),
                        entry(fourth.identity(), Role.MEMBER),
                        entry(fifth.identity(), Role.MEMBER));
        assertThat(onOtherNode(room).state()).isEqualTo(room.state());
    }

    @Test
    void s13_heir_is_the_first_that_is_no_reader() {
        TestRoom room = room();
        var reader = room.join();
        var heir = room.join();
        var last = room.join();
        room.assign(reader, Role.READER);

        room.leave(room.owner());

        assertThat(room.roles())
                .containsExactly(
                        entry(heir.identity(), Role.OWNER),
                        entry(reader.identity(), Role.READER),
                        entry(last.identity(), Role.MEMBER));
    }

    @Test
    void s13_heir_of_readers_is_the_first_of_them() {
        TestRoom room = room();
        var first = room.join();
        var second = room.join();
        room.assign(second, Role.READER);
        room.assign(first, Role.READER);

        room.leave(room.owner());

        assertThat(room.roles())
                .containsExactly(entry(first.identity(), Role.OWNER), entry(second.identity(), Role.READER));
        assertThat(room.post(first, "k").stored()).isTrue();
    }

    @Test
    void s13_named_owner_is_followed_by_the_first_of_those_present() {
        TestRoom room = room();
        var second = room.join();
        var named = room.join();
        room.change(assigning(named, Role.OWNER));

        room.change(named.actor(), new RoomChange.Leave(null));

        assertThat(room.roles())
                .containsExactly(entry(room.owner().identity(), Role.OWNER), entry(second.identity(), Role.MEMBER));
    }

    @Test
    void s13_leave_of_another_than_the_owner_moves_no_role() {
        TestRoom room = room();
        var second = room.join();
        var owner = room.join();
        var last = room.join();
        room.change(assigning(owner, Role.OWNER));
        room.assign(second, Role.READER);

        room.leave(room.owner());
        room.leave(last);

        assertThat(room.roles())
                .containsExactly(entry(owner.identity(), Role.OWNER), entry(second.identity(), Role.READER));
    }

    @Test
    void s13_role_ends_with_its_seat() {
        TestRoom room = room();
        var reader = room.join();
        room.assign(reader, Role.READER);
        room.leave(reader);
        room.leave(room.owner());

        room.joinAgain(reader);
        room.joinAgain(room.owner());

        assertThat(room.roles())
                .containsExactly(
                        entry(reader.identity(), Role.OWNER), entry(room.owner().identity(), Role.MEMBER));
    }

    @Test
    void s13_owners_own_role_changes_by_naming_another_only() {
        TestRoom room = room();
        room.join();

        for (Role role : List.of(Role.MEMBER, Role.READER)) {
            var taken = assigning(room.owner(), role);
            room.assertRefused(IllegalArgumentException.class, () -> room.change(taken));
            room.assertRefused(IllegalArgumentException.class, () -> room.change(TestRoom.HOST, taken));
        }
    }

    @Test
    void s13_role_that_a_seat_has_is_not_given_again() {
        TestRoom room = room();
        var member = room.join();
        assertNothingStored(room, () -> room.assign(member, Role.MEMBER));
        assertNothingStored(room, () -> room.assign(room.owner(), Role.OWNER));

        room.assign(member, Role.READER);

        assertNothingStored(room, () -> room.assign(member, Role.READER));
    }

    @Test
    void s13_nobody_without_a_seat_is_given_a_role() {
        TestRoom room = room();
        var left = room.join();
        room.leave(left);

        for (Role role : Role.values()) {
            room.assertRefused(NoSuchSeatException.class, () -> room.change(assigning(left, role)));
            room.assertRefused(NoSuchSeatException.class, () -> room.assign(Caller.create(), role));
        }
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    void s1_s13_owners_named_at_once_are_one_in_the_end() {
        TestRoom room = room(CALLERS + 1);
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        List<Caller> members = Stream.generate(room::join).limit(CALLERS).toList();

        List<Optional<Appended>> named = crowd.all(i -> nodes.get(i % 2).assign(members.get(i), Role.OWNER));

        assertThat(named).allMatch(Optional::isPresent);
        var last = room.log().get(2 * CALLERS);
        var winner = named.stream()
                .map(Optional::orElseThrow)
                .filter(one -> one.entry().equals(last))
                .findFirst()
                .orElseThrow();
        int number = named.indexOf(Optional.of(winner));
        assertThat(room.state().members()).filteredOn(Member::owner).hasSize(1);
        assertThat(room.members()).first().isEqualTo(members.get(number).identity());
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    void s1_s13_owners_that_leave_at_once_leave_one_owner() {
        TestRoom room = room(CALLERS + 1);
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        List<Caller> leaving = Stream.iterate(room.owner(), caller -> room.join())
                .limit(CALLERS)
                .toList();
        var last = room.join();

        crowd.all(i -> nodes.get(i % 2).leave(leaving.get(i)));

        assertThat(room.roles()).containsExactly(entry(last.identity(), Role.OWNER));
        assertThat(room.log())
                .filteredOn(one -> one.kind().equals(LogEntry.LEFT))
                .hasSize(CALLERS);
    }

    private static RoomChange assigning(Caller caller, Role role) {
        return new RoomChange.Assign(caller.identity().id(), role);
    }
}
