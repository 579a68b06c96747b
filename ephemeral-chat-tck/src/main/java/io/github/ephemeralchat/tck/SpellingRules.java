package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Values that are alike and not the same. A database's collation may take letters of both cases, with and without accents,
 * or with spaces after them for one; a number may be read as another type.
 */
abstract class SpellingRules extends StoreRules {

    /** All of the same length, so that none is another's beginning. */
    private static final List<String> ALIKE =
            List.of("ab", "aB", "Ab", "AB", "\u00e4b", "a\u00df", "ss", "a ", "a-", "a_");

    private static final List<Long> NUMBERS =
            List.of(0L, 1L, -2L, 1L << 31, 1L << 32, 1L << 53, -(1L << 53), Long.MAX_VALUE - 1, Long.MIN_VALUE);

    @Test
    @Tag("S9")
    void s9_codes_of_other_letters_case_are_other_rooms() {
        var store = store();
        RoomId id = Stream.generate(RoomId::random)
                .filter(SpellingRules::hasTwin)
                .findFirst()
                .orElseThrow();
        TestRoom room = TestRoom.create(store, id, LONG_LIFE, SEATS);
        TestRoom.notCreated(store, twin(id), LONG_LIFE, SEATS).assertEnded();

        TestRoom other = TestRoom.create(store, twin(id), LONG_LIFE, SEATS);
        room.post("k");
        other.join();

        assertThat(room.members()).containsExactly(room.owner().identity());
        assertThat(other.keys()).isEmpty();
        assertThat(other.destroy()).isTrue();
        assertThat(room.keys()).containsExactly("k");
    }

    private static boolean hasTwin(RoomId id) {
        String swapped = id.value().toLowerCase(Locale.ROOT);
        return !swapped.equals(id.value()) && RoomId.isValid(swapped);
    }

    private static RoomId twin(RoomId id) {
        return new RoomId(id.value().toLowerCase(Locale.ROOT));
    }

    @Test
    @Tag("S6")
    void s6_ids_that_are_alike_are_several_members() {
        TestRoom room = room(ALIKE.size() + 1);
        List<Caller> members = ALIKE.stream().map(SpellingRules::callerWithId).toList();

        members.forEach(room::join);

        assertThat(room.members())
                .hasSize(ALIKE.size() + 1)
                .containsAll(members.stream().map(Caller::identity).toList());
        for (Caller member : members) {
            assertThat(room.seat(member).orElseThrow().member().identity()).isEqualTo(member.identity());
        }
        room.leave(members.get(0));
        assertThat(members.subList(1, members.size())).allMatch(room::isMember);
    }

    @Test
    @Tag("S5")
    @Tag("S14")
    void s5_s14_id_that_is_only_alike_is_no_members() {
        TestRoom room = room();
        var member = callerWithId("ab");
        room.join(member);

        for (String alike : List.of("aB", "AB", "ab ", "a", "\u00e4b")) {
            room.assertRefused(
                    NotAParticipantException.class,
                    () -> room.change(new Actor.ById(alike), new RoomChange.Leave(null)));
            assertNothingStored(room, () -> room.leave(callerWithId(alike)));
        }
        room.assign(member, Role.READER);
        assertThat(room.isMember(member)).isTrue();
    }

    @Test
    @Tag("S4")
    void s4_keys_that_are_alike_are_several_entries() {
        TestRoom room = room();

        for (String key : ALIKE) {
            assertThat(room.post(key).stored()).as("a key that is only alike").isTrue();
        }

        assertThat(room.keys()).isEqualTo(ALIKE);
        for (String key : ALIKE) {
            assertThat(room.post(key).stored()).as("the same key again").isFalse();
        }
    }

    @Test
    @Tag("S4")
    void s4_sender_and_key_are_two_values() {
        TestRoom room = room();
        var first = callerWithId("a:b");
        var second = callerWithId("a");
        room.join(first);
        room.join(second);
        room.post(first, "c");

        assertThat(room.post(second, "b:c").stored()).isTrue();
    }

    @Test
    @Tag("S9")
    void s9_incarnation_is_the_whole_number() {
        var store = store();
        for (long number : NUMBERS) {
            TestRoom room = roomWith(store, number);
            Stream.of(number + 1, number ^ 1L << 32, number ^ 1L << 63, (long) (int) number, -number)
                    .filter(other -> other != number)
                    .forEach(other -> assertNotFound(room, other));
            assertThat(room.readAfter(EntryId.START).entries()).hasSize(1);
            assertThat(onOtherNode(room).present().incarnation()).isEqualTo(room.incarnation());
            assertThat(room.destroy()).isTrue();
        }
    }

    private static TestRoom roomWith(RoomStore store, long number) {
        var any = TestRoom.notCreated(store, RoomId.random(), LONG_LIFE, SEATS).room();
        var incarnation = new RoomIncarnation(any.id(), number);
        return TestRoom.create(store, new Room(incarnation, any.createdAt(), any.expiresAt(), SEATS, false), null);
    }

    private static void assertNotFound(TestRoom room, long number) {
        var other = new RoomIncarnation(room.id(), number);
        room.assertRefused(RoomNotFoundException.class, () -> room.store().readAfter(other, EntryId.START, 1));
        assertThat(room.store().destroy(other, TestRoom.HOST)).isFalse();
        assertThat(room.members()).hasSize(1);
    }

    private static Caller callerWithId(String id) {
        return new Caller(new Identity(id, "name"), Caller.create().token());
    }
}
