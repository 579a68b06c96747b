package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may change a room and who may end it: each change by each actor, proved by a token and by an id. */
abstract class AuthorityRules extends StoreRules {

    private static final Set<Who> ALL_BUT_READERS = EnumSet.of(Who.OWNER, Who.MEMBER, Who.HOST);
    private static final Set<Who> OWNER_AND_HOST = EnumSet.of(Who.OWNER, Who.HOST);
    private static final Set<Who> PARTICIPANTS = EnumSet.of(Who.OWNER, Who.MEMBER, Who.READER);

    private enum Who {
        OWNER,
        MEMBER,
        READER,
        HOST,
        /** A member of another room. */
        NO_MEMBER,
        /** Had a seat here. */
        LEFT
    }

    /** A room with somebody of each kind. */
    private record Everybody(TestRoom room, Caller member, Caller reader, Caller other, Caller nonMember, Caller left) {

        static Everybody in(TestRoom room) {
            var left = room.join();
            var all = new Everybody(
                    room,
                    room.join(),
                    room.join(),
                    room.join(),
                    roomIn(room.store()).owner(),
                    left);
            room.assign(all.reader, Role.READER);
            room.leave(left);
            return all;
        }

        Caller caller(Who who) {
            return switch (who) {
                case OWNER, HOST -> room.owner();
                case MEMBER -> member;
                case READER -> reader;
                case NO_MEMBER -> nonMember;
                case LEFT -> left;
            };
        }

        /** The same one by token and by id. */
        List<Actor> actors(Who who) {
            return who == Who.HOST
                    ? List.of(TestRoom.HOST)
                    : List.of(caller(who).actor(), caller(who).actorById());
        }
    }

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
                all -> new RoomChange.Deadline(all.room.room().expiresAt().minusSeconds(60)));
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
                all -> new RoomChange.Assign(all.other.identity().id(), Role.READER));
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Assign(all.reader.identity().id(), Role.MEMBER));
        assertAllowed(
                OWNER_AND_HOST,
                all -> new RoomChange.Assign(all.member.identity().id(), Role.OWNER));
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
                OWNER_AND_HOST, all -> new RoomChange.Leave(all.other.identity().id()));
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

                var appended = assertStored(all.room, () -> all.room.change(actor, own));

                assertEntry(appended.entry(), LogEntry.LEFT, identity, null, "");
                assertThat(all.room.members()).hasSize(3).doesNotContain(identity);
            }
        }
    }

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
        all.room.destroy();

        for (Who who : Who.values()) {
            assertThat(all.actors(who)).noneMatch(all.room::destroy);
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

    private static TestRoom create(RoomStore store, boolean ownerOnlyDestroy) {
        var any = TestRoom.notCreated(store, RoomId.random(), LONG_LIFE, SEATS).room();
        var room = new Room(any.incarnation(), any.createdAt(), any.expiresAt(), SEATS, ownerOnlyDestroy);
        return TestRoom.create(store, room, null);
    }

    /** Lets everybody try a change, each in a room of its own. */
    private void assertAllowed(Set<Who> allowed, Function<Everybody, RoomChange> change) {
        RoomStore store = store();
        forEachActor(store, false, (who, all, actor) -> {
            var attempt = change.apply(all);
            if (allowed.contains(who)) {
                assertStored(all.room, () -> all.room.change(actor, attempt));
            } else {
                all.room.assertRefused(refusalOf(who), () -> all.room.change(actor, attempt));
            }
        });
    }

    private void assertAllowedToDestroy(Set<Who> allowed, boolean ownerOnly) {
        forEachActor(store(), ownerOnly, (who, all, actor) -> {
            if (allowed.contains(who)) {
                assertThat(all.room.destroy(actor)).as("destroy by %s", who).isTrue();
                all.room.assertEnded();
            } else {
                all.room.assertRefused(refusalOf(who), () -> all.room.destroy(actor));
            }
        });
    }

    private static void forEachActor(RoomStore store, boolean ownerOnlyDestroy, Attempt attempt) {
        for (Who who : Who.values()) {
            for (int way = 0; way < (who == Who.HOST ? 1 : 2); way++) {
                Everybody all = Everybody.in(create(store, ownerOnlyDestroy));
                attempt.make(who, all, all.actors(who).get(way));
            }
        }
    }

    private interface Attempt {
        void make(Who who, Everybody all, Actor actor);
    }

    private static Class<? extends Exception> refusalOf(Who who) {
        return PARTICIPANTS.contains(who) ? NotPermittedException.class : NotAParticipantException.class;
    }
}
