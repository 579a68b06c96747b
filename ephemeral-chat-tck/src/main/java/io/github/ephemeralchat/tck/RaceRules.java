package io.github.ephemeralchat.tck;

import static io.github.ephemeralchat.spi.LogPage.Continuity.CONTINUOUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a store has to hold if many call it at once, from two nodes, also while the room ends. */
abstract class RaceRules extends StoreRules {

    private static final int APPENDS = 100;

    @Test
    @Tag("S1")
    @Tag("S2")
    void s1_s2_appends_lose_nothing_and_leave_no_hole() {
        TestRoom room = room(CALLERS);
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        List<Caller> callers = Stream.iterate(room.owner(), caller -> room.join())
                .limit(CALLERS)
                .toList();

        var appended = crowd.all(i -> write(nodes.get(i % 2), callers.get(i), i));

        List<LogEntry> log = room.log();
        assertDense(log, 1, CALLERS + CALLERS * APPENDS);
        assertThat(room.keys()).doesNotHaveDuplicates().hasSize(CALLERS * APPENDS);
        appended.forEach(own -> assertInLog(own, log));
    }

    private static void assertInLog(List<Appended> own, List<LogEntry> log) {
        long last = 0;
        for (Appended one : own) {
            long sequence = one.entry().id().sequence();
            assertThat(sequence).as("one caller's own order").isGreaterThan(last);
            assertThat(log.get((int) sequence - 1)).isEqualTo(one.entry());
            assertThat(log.get((int) sequence - 2).id()).as("the entry before").isEqualTo(one.previous());
            last = sequence;
        }
    }

    @Test
    @Tag("S1")
    @Tag("S10")
    void s1_s10_appends_to_a_trimmed_log_leave_no_hole() {
        TestRoom room = room(new LogLimits(10, MUCH_TEXT));

        crowd.all(i -> write(room, room.owner(), i));

        assertDense(room.log(), CALLERS * APPENDS - 8, CALLERS * APPENDS + 1);
    }

    @Test
    @Tag("S3")
    void s3_readers_follow_the_log_without_a_gap() {
        TestRoom room = room();
        TestRoom elsewhere = onOtherNode(room);
        int writers = CALLERS / 2;

        List<List<?>> read =
                crowd.all(i -> i < writers ? write(room, room.owner(), i) : follow(elsewhere, 1 + writers * APPENDS));

        assertThat(read.subList(writers, CALLERS)).allMatch(room.log()::equals);
    }

    private static List<Appended> write(TestRoom room, Caller caller, int writer) {
        return IntStream.range(0, APPENDS)
                .mapToObj(n -> room.post(caller, writer + "-" + n))
                .toList();
    }

    private static List<LogEntry> follow(TestRoom room, int until) {
        List<LogEntry> seen = new ArrayList<>();
        Await.until(Duration.ofSeconds(30), "a reader sees all entries", () -> {
            var last =
                    seen.isEmpty() ? EntryId.START : seen.get(seen.size() - 1).id();
            var page = room.readAfter(last, 50);
            assertThat(page.continuity()).isEqualTo(CONTINUOUS);
            seen.addAll(page.entries());
            return seen.size() >= until;
        });
        return seen;
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    @Tag("S4")
    void s1_s4_same_key_at_once_is_stored_once() {
        TestRoom room = room();
        List<TestRoom> nodes = List.of(room, onOtherNode(room));

        var appended = crowd.all(i -> nodes.get(i % 2).post("k"));

        assertThat(appended).filteredOn(Appended::stored).hasSize(1);
        assertThat(appended).extracting(Appended::entry).containsOnly(room.log().get(1));
        assertThat(room.keys()).containsExactly("k");
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    void s1_creates_of_one_code_at_once_make_one_room() {
        var store = store();
        var id = RoomId.random();
        List<TestRoom> rooms = Stream.generate(() -> TestRoom.notCreated(store, id, LONG_LIFE, SEATS))
                .limit(CALLERS)
                .toList();

        List<Boolean> created = crowd.all(i -> rooms.get(i).tryCreate());

        assertThat(created).containsOnlyOnce(true);
        TestRoom winner = rooms.get(created.indexOf(true));
        assertThat(winner.state().room()).isEqualTo(winner.room());
        assertThat(winner.members()).containsExactly(winner.owner().identity());
        assertDense(winner.log(), 1, 1);
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    @Tag("S6")
    void s1_s6_joins_at_once_fill_exactly_the_seats() {
        TestRoom room = room(4);
        List<TestRoom> nodes = List.of(room, onOtherNode(room));

        List<Boolean> joined = crowd.all(i -> nodes.get(i % 2).tryJoin(Caller.create()));

        assertThat(joined).filteredOn(got -> got).hasSize(3);
        assertThat(room.members()).hasSize(4);
        assertDense(room.log(), 1, 4);
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    @Tag("S6")
    void s1_s6_joins_of_one_identity_at_once_take_one_seat() {
        TestRoom room = room(2);
        var caller = Caller.create();
        List<Caller> devices =
                Stream.generate(caller::withNewToken).limit(CALLERS).toList();

        crowd.all(i -> room.join(devices.get(i)));

        assertThat(devices).allMatch(room::isMember);
        assertDense(room.log(), 1, 2);
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    @Tag("S6")
    void s1_s6_same_token_at_once_takes_one_seat() {
        TestRoom room = room(CALLERS);
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        var caller = Caller.create();

        List<Joined> joined = crowd.all(i -> nodes.get(i % 2).join(caller.anonymously()));

        assertThat(joined)
                .extracting(Joined::appended)
                .filteredOn(Objects::nonNull)
                .hasSize(1);
        assertThat(joined)
                .extracting(one -> one.seat().member())
                .containsOnly(room.seat(caller).orElseThrow().member());
        assertThat(room.members()).hasSize(2);
        assertDense(room.log(), 1, 2);
    }

    @Test
    @Tag("S7")
    void s7_nothing_is_appended_from_the_deadline_on() {
        TestRoom room = shortLivedRoom();

        List<LogEntry> written = whilePostingAs(room, room.owner(), () -> passDeadline(room), () -> {});

        assertThat(written).allMatch(entry -> entry.at().isBefore(room.room().expiresAt()));
        room.assertEnded();
    }

    @RepeatedTest(ROUNDS)
    @Tag("S8")
    @Tag("S9")
    void s8_s9_late_appends_reach_no_room_under_the_code() {
        TestRoom old = room();
        TestRoom room = TestRoom.notCreated(old.store(), old.id(), LONG_LIFE, SEATS);

        Runnable destroy = () -> assertThat(old.destroy()).isTrue();
        whilePostingAs(
                old, old.owner(), destroy, () -> assertThat(room.tryCreate()).isTrue());

        assertThat(room.sequences()).containsExactly(1L);
        assertThat(room.members()).containsExactly(room.owner().identity());
        old.assertIncarnationEnded();
    }
}
