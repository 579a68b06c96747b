package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rooms, and the members that take seats in them. */
abstract class MemberRules extends StoreRules {

    @Test
    @Tag("S1")
    void s1_create_on_a_taken_code_changes_nothing() {
        TestRoom room = room();
        TestRoom second = TestRoom.notCreated(onOtherNode(room).store(), room.id(), LONG_LIFE, SEATS);
        var before = room.state();
        var log = room.log();

        assertThat(second.tryCreate()).isFalse();

        assertThat(room.state()).isEqualTo(before);
        assertThat(room.log()).isEqualTo(log);
        assertThat(room.isMember(room.owner())).isTrue();
        assertThat(room.isMember(second.owner())).isFalse();
    }

    @Test
    @Tag("S2")
    void s2_first_entry_says_that_the_owner_joined() {
        TestRoom room = room();

        var first = room.log().get(0);

        assertEntry(first, LogEntry.JOINED, room.owner().identity(), null, EntryBody.joined(Role.OWNER, null));
        assertThat(room.head()).isEqualTo(first.id()).returns(1L, EntryId::sequence);
    }

    @Test
    @Tag("S2")
    void s2_join_appends_an_entry_that_says_so() {
        TestRoom room = room();
        var before = room.head();
        var caller = Caller.create();

        var appended = Objects.requireNonNull(room.join(caller).appended());

        assertAppended(room, before, appended);
        assertEntry(appended.entry(), LogEntry.JOINED, caller.identity(), null, EntryBody.joined(Role.MEMBER, null));
    }

    @Test
    @Tag("S3")
    void s3_created_room_is_found_as_it_was_on_every_node() {
        RoomStore store = store();
        var now = store.now().truncatedTo(ChronoUnit.MILLIS);
        var incarnation = new RoomIncarnation(RoomId.random(), Long.MIN_VALUE);
        var odd = new Room(incarnation, now.minusMillis(1), now.plusMillis(123_456), 1000, true);
        TestRoom room = TestRoom.notCreated(store, odd);

        assertThat(room.tryCreate()).isTrue();

        var owner = new Member(room.owner().identity(), 1, Role.OWNER);
        assertThat(onOtherNode(room).state()).isEqualTo(new RoomState(odd, room.head(), List.of(owner)));
    }

    @Test
    @Tag("S3")
    void s3_room_may_live_for_centuries() {
        TestRoom room = TestRoom.create(store(), RoomId.random(), Duration.ofDays(400 * 365), SEATS);

        room.post("k");

        assertThat(room.keys()).containsExactly("k");
    }

    @Test
    @Tag("S3")
    void s3_joined_member_is_known_on_every_node() {
        TestRoom room = room();
        var caller = Caller.create();

        var seat = room.join(caller).seat();

        TestRoom elsewhere = onOtherNode(room);
        assertThat(seat)
                .isEqualTo(new Seat(room.room(), elsewhere.head(), new Member(caller.identity(), 2, Role.MEMBER)));
        assertThat(elsewhere.seat(caller)).contains(seat);
        assertThat(elsewhere.state().members())
                .containsExactly(new Member(room.owner().identity(), 1, Role.OWNER), seat.member());
    }

    @Test
    @Tag("S3")
    void s3_seat_carries_the_newest_head_on_every_node() {
        TestRoom room = room();
        var member = room.join();
        room.post("a", "b");
        TestRoom elsewhere = onOtherNode(room);

        Seat known = elsewhere.seat(member).orElseThrow();
        Seat again = elsewhere.join(member.withNewToken()).seat();
        assertThat(List.of(known, again)).extracting(Seat::head).containsOnly(room.head());

        Joined first = elsewhere.join(Caller.create());
        assertThat(first.seat().head())
                .as("the entry of a first join")
                .isEqualTo(Objects.requireNonNull(first.appended()).entry().id())
                .isEqualTo(room.head());
    }

    @Test
    @Tag("S3")
    void s3_name_is_kept_as_it_is() {
        TestRoom room = room();
        var odd = new Identity("id \" ' \\ : {} \u00e9", "\ud834\udd1e <b>&amp; \u05d0\u0301 \"");

        room.join(new Caller(odd, Caller.create().token()));

        assertThat(room.members()).contains(odd);
        assertThat(room.log()).extracting(LogEntry::sender).contains(odd);
    }

    @Test
    @Tag("S6")
    void s6_full_room_refuses_and_stays_as_it_is() {
        TestRoom room = room(2);
        room.join();
        var before = room.state();
        var third = Caller.create();

        assertThatExceptionOfType(RoomFullException.class).isThrownBy(() -> room.join(third));

        assertThat(room.state()).isEqualTo(before);
        assertThat(room.isMember(third)).isFalse();
        assertThat(room(1).tryJoin(third)).as("join of a room with one seat").isFalse();
    }

    @Test
    @Tag("S7")
    void s7_create_at_its_deadline_makes_nothing() {
        RoomStore store = store();
        var end = store.now().minus(contract().timeTolerance()).truncatedTo(ChronoUnit.MILLIS);
        var room = new Room(new RoomIncarnation(RoomId.random(), 1), end.minusSeconds(60), end, SEATS, false);
        TestRoom expired = TestRoom.notCreated(store, room);

        assertThat(expired.tryCreate()).isFalse();

        expired.assertEnded();
    }

    @Test
    @Tag("S9")
    void s9_used_code_gets_a_new_room_after_destroy() {
        assertSharesNothing(room(), TestRoom::destroy);
    }

    @Test
    @Tag("S9")
    void s9_used_code_gets_a_new_room_after_the_deadline() {
        assertSharesNothing(shortLivedRoom(), this::passDeadline);
    }

    private void assertSharesNothing(TestRoom old, Consumer<TestRoom> end) {
        var caller = old.join();
        old.post(caller, "k", "old");
        end.accept(old);

        TestRoom room = again(old);

        assertThat(room.members()).containsExactly(room.owner().identity());
        assertThat(room.isMember(caller)).isFalse();
        assertThat(room.log()).extracting(LogEntry::kind).containsExactly(LogEntry.JOINED);
        assertThat(room.sequences()).containsExactly(1L);

        room.join(caller);
        assertThat(room.post(caller, "k", "new").stored())
                .as("a key of the old room")
                .isTrue();
        onOtherNode(old).assertIncarnationEnded();
        assertThat(room.keys()).containsExactly("k");
    }

    @Test
    @Tag("S9")
    void s9_calls_on_a_code_that_never_was_make_nothing() {
        TestRoom.notCreated(store(), RoomId.random(), LONG_LIFE, SEATS).assertEnded();
    }
}
