package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who destroys a room. */
abstract class DestroyRules extends AuthorityRulesBase {

    @Test
    @Tag("S8")
    void s8_all_but_readers_destroy() {
        assertAllowedToDestroy(ALL_BUT_READERS, false);
    }

    @Test
    @Tag("S8")
    void s8_owner_and_host_destroy_where_only_the_owner_may() {
        assertAllowedToDestroy(OWNER_AND_HOST, true);
    }

    @Test
    @Tag("S8")
    void s8_room_that_has_ended_refuses_nobody() {
        Everybody all = Everybody.in(room());
        all.room().destroy();

        for (Who who : Who.values()) {
            assertThat(all.actors(who)).noneMatch(all.room()::destroy);
        }
    }

    @Test
    @Tag("S8")
    @Tag("S9")
    void s8_s9_owner_of_an_earlier_room_ends_no_later_one() {
        TestRoom old = destroyedRoom();
        TestRoom room = again(old);

        room.assertRefused(
                NotAParticipantException.class, () -> room.destroy(old.owner().actor()));
        assertThat(old.destroy(room.owner().actor())).isFalse();
        assertThat(room.members()).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    @Tag("S8")
    void s1_s8_former_owner_does_not_destroy_what_it_has_handed_over() {
        TestRoom room = create(store(), true);
        TestRoom elsewhere = onOtherNode(room);
        var heir = room.join();
        var owner = room.owner().actor();

        List<Boolean> done = crowd.all(i -> i == 0 ? handOver(room, heir) : tryDestroy(elsewhere, owner));

        assertThat(done.subList(1, CALLERS))
                .as("destroyed, by the owner at that moment")
                .hasSize(CALLERS - 1)
                .filteredOn(destroyed -> destroyed)
                .hasSize(done.get(0) ? 0 : 1);
    }

    private static boolean handOver(TestRoom room, Caller heir) {
        try {
            return room.assign(heir, Role.OWNER).isPresent();
        } catch (RoomNotFoundException e) {
            return false;
        }
    }

    private static boolean tryDestroy(TestRoom room, Actor actor) {
        try {
            return room.destroy(actor);
        } catch (NotPermittedException e) {
            return false;
        }
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    @Tag("S8")
    void s1_s8_one_of_many_destroys_says_that_the_room_lived() {
        TestRoom room = room();
        List<TestRoom> nodes = List.of(room, onOtherNode(room));

        List<Boolean> lived = crowd.all(i -> nodes.get(i % 2).destroy());

        assertThat(lived).containsOnlyOnce(true);
        room.assertEnded();
    }

    private void assertAllowedToDestroy(Set<Who> allowed, boolean ownerOnly) {
        forEachActor(store(), ownerOnly, (who, all, actor) -> {
            if (allowed.contains(who)) {
                assertThat(all.room().destroy(actor)).as("destroy by %s", who).isTrue();
                all.room().assertEnded();
            } else {
                all.room().assertRefused(refusalOf(who), () -> all.room().destroy(actor));
            }
        });
    }
}
