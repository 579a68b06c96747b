package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What each role may do. */
abstract class AuthorityRules extends AuthorityRulesBase {

    @Test
    @Tag("S14")
    void s14_all_but_readers_post() {
        assertAllowed(ALL_BUT_READERS, all -> new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "text")));
        assertAllowed(ALL_BUT_READERS, all -> new RoomChange.Post(new Draft("x-kind", "k", "text")));
    }

    @Test
    @Tag("S14")
    void s14_owner_and_host_move_the_deadline() {
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Deadline(all.room().room().expiresAt().minusSeconds(60)));
    }

    @Test
    @Tag("S14")
    void s14_owner_and_host_change_the_admission() {
        assertAllowed(OWNER_AND_HOST, all -> new RoomChange.Admission(true, new ProofChange.Keep()));
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Admission(
                        null, new ProofChange.Replace(Caller.create().token())));
    }

    @Test
    @Tag("S14")
    void s14_owner_and_host_give_roles() {
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Assign(all.other().identity().id(), Role.READER));
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Assign(all.reader().identity().id(), Role.MEMBER));
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Assign(all.member().identity().id(), Role.OWNER));
    }

    @Test
    @Tag("S14")
    void s14_owner_and_host_set_properties() {
        assertAllowed(OWNER_AND_HOST, all -> new RoomChange.Property("topic", "value"));
    }

    @Test
    @Tag("S14")
    void s14_owner_and_host_free_others_seats() {
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Leave(all.other().identity().id()));
    }

    @Test
    @Tag("S14")
    void s14_every_member_frees_its_own_seat() {
        var store = store();
        for (Who who : PARTICIPANTS) {
            for (int way = 0; way < 4; way++) {
                Everybody all = Everybody.in(roomIn(store));
                Identity identity = all.caller(who).identity();
                Actor actor = all.actors(who).get(way % 2);
                var own = new RoomChange.Leave(way < 2 ? null : identity.id());

                var appended = assertStored(all.room(), () -> all.room().change(actor, own));

                assertEntry(appended.entry(), LogEntry.LEFT, identity, null, "");
                assertThat(all.room().members()).hasSize(3).doesNotContain(identity);
            }
        }
    }

    @Test
    @Tag("S13")
    @Tag("S14")
    void s13_s14_role_counts_for_every_token_of_its_seat() {
        TestRoom room = room();
        var phone = room.join();
        var laptop = room.joinAgain(phone);
        room.assign(phone, Role.READER);
        var tablet = room.joinAgain(phone);

        for (Caller device : List.of(phone, laptop, tablet)) {
            assertThat(room.seat(device).orElseThrow().member().role()).isEqualTo(Role.READER);
            room.assertRefused(NotPermittedException.class, () -> room.post(device, "k"));
        }

        room.assign(phone, Role.OWNER);
        for (Caller device : List.of(phone, laptop, tablet)) {
            assertThat(room.seat(device).orElseThrow().member().role()).isEqualTo(Role.OWNER);
            var property = new RoomChange.Property("topic", device.token().hex().substring(1));
            assertStored(room, () -> room.change(device.actor(), property));
        }
    }

    @Test
    @Tag("S14")
    void s14_role_is_judged_as_it_is_now() {
        TestRoom room = room();
        var member = room.join();
        room.post(member, "a");
        room.assign(member, Role.READER);
        room.assertRefused(NotPermittedException.class, () -> room.post(member, "b"));

        room.assign(member, Role.MEMBER);

        room.post(member, "c");
        assertThat(room.keys()).containsExactly("a", "c");
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    @Tag("S14")
    void s1_s14_nothing_of_a_member_comes_after_it_became_a_reader() {
        TestRoom room = room();
        var member = room.join();
        TestRoom elsewhere = onOtherNode(room);

        crowd.all(i -> i == 0 ? makeReaderSoon(room, member) : postUntilReader(elsewhere, member, i));

        assertThat(room.log()).last().returns(LogEntry.ROLE, LogEntry::kind);
    }

    private static long makeReaderSoon(TestRoom room, Caller member) {
        Await.pause(A_MOMENT);
        return room.assign(member, Role.READER).orElseThrow().entry().id().sequence();
    }

    private static long postUntilReader(TestRoom room, Caller member, int number) {
        for (long posts = 0; ; posts++) {
            try {
                room.post(member, number + "-" + posts);
            } catch (NotPermittedException e) {
                return posts;
            }
        }
    }

    /** Lets everybody try a change, each in a room of its own. */
    private void assertAllowed(Set<Who> allowed, Function<Everybody, RoomChange> change) {
        RoomStore store = store();
        forEachActor(store, false, (who, all, actor) -> {
            var attempt = change.apply(all);
            if (allowed.contains(who)) {
                assertStored(all.room(), () -> all.room().change(actor, attempt));
            } else {
                all.room().assertRefused(refusalOf(who), () -> all.room().change(actor, attempt));
            }
        });
    }
}
