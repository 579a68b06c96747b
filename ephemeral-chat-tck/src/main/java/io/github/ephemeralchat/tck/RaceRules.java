package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a store has to hold if many call it at once, from two nodes, also while the room ends. */
abstract class RaceRules extends CrowdRules {

    private static final int APPENDS = 100;

    RaceRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    @Tag("S1")
    @Tag("S2")
    void s1_s2_appends_lose_nothing_and_leave_no_hole() {
        TestRoom room = room(CALLERS);
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        List<Caller> callers = Stream.concat(
                        Stream.of(room.owner()), Stream.generate(room::join).limit(CALLERS - 1))
                .toList();

        List<List<Appended>> appended = crowd.all(i -> IntStream.range(0, APPENDS)
                .mapToObj(n -> nodes.get(i % 2).post(callers.get(i), i + "-" + n))
                .toList());

        List<LogEntry> log = room.log();
        assertDense(log, 1, CALLERS + CALLERS * APPENDS);
        assertThat(room.keys()).doesNotHaveDuplicates().hasSize(CALLERS * APPENDS);
        appended.forEach(own -> assertInLog(own, log));
    }

    private static void assertInLog(List<Appended> own, List<LogEntry> log) {
        assertThat(own)
                .extracting(one -> one.entry().id().sequence())
                .as("one caller's own order")
                .isSorted()
                .doesNotHaveDuplicates();
        for (Appended one : own) {
            int index = (int) one.entry().id().sequence() - 1;
            assertThat(log.get(index)).isEqualTo(one.entry());
            assertThat(one.previous())
                    .as("the entry before")
                    .isEqualTo(log.get(index - 1).id());
        }
    }

    @Test
    @Tag("S1")
    @Tag("S10")
    void s1_s10_appends_to_a_trimmed_log_leave_no_hole() {
        TestRoom room = room(new LogLimits(10, MUCH_TEXT));

        crowd.all(i -> write(room, i));

        assertDense(room.log(), CALLERS * APPENDS - 8, CALLERS * APPENDS + 1);
    }

    @Test
    @Tag("S3")
    void s3_readers_follow_the_log_without_a_gap() {
        TestRoom room = room();
        TestRoom elsewhere = onOtherNode(room);
        int writers = CALLERS / 2;

        List<List<LogEntry>> read =
                crowd.all(i -> i < writers ? write(room, i) : follow(elsewhere, 1 + writers * APPENDS));

        assertThat(read.subList(writers, CALLERS)).allMatch(room.log()::equals);
    }

    private static List<LogEntry> write(TestRoom room, int writer) {
        return IntStream.range(0, APPENDS)
                .mapToObj(n -> room.post(room.owner(), writer + "-" + n).entry())
                .toList();
    }

    private static List<LogEntry> follow(TestRoom room, int until) {
        List<LogEntry> seen = new ArrayList<>();
        Await.until(Duration.ofSeconds(30), "a reader sees all entries", () -> {
            EntryId last =
                    seen.isEmpty() ? EntryId.START : seen.get(seen.size() - 1).id();
            LogPage page = room.readAfter(last, 50);
            assertThat(page.continuity()).isEqualTo(Continuity.CONTINUOUS);
            seen.addAll(page.entries());
            return seen.size() >= until;
        });
        return seen;
    }

    @Test
    @Tag("S1")
    @Tag("S4")
    void s1_s4_same_key_at_once_is_stored_once() {
        TestRoom room = room();
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        for (int round = 0; round < ROUNDS; round++) {
            String key = "k" + round;

            List<Appended> answers = crowd.all(i -> nodes.get(i % 2).post(room.owner(), key));

            assertThat(answers).filteredOn(Appended::stored).hasSize(1);
            assertThat(answers)
                    .extracting(Appended::entry)
                    .containsOnly(answers.get(0).entry());
        }
        assertThat(room.keys()).hasSize(ROUNDS);
    }

    @Test
    @Tag("S1")
    void s1_creates_of_one_code_at_once_make_one_room() {
        TestRoom first = room();
        for (int round = 0; round < ROUNDS; round++) {
            RoomId id = RoomId.random();
            List<TestRoom> rooms = Stream.generate(() -> TestRoom.notCreated(first.store(), id, LONG_LIFE, SEATS))
                    .limit(CALLERS)
                    .toList();

            List<Boolean> created = crowd.all(i -> rooms.get(i).tryCreate());

            assertThat(created).containsOnlyOnce(true);
            TestRoom winner = rooms.get(created.indexOf(true));
            assertThat(winner.state().room()).isEqualTo(winner.room());
            assertThat(winner.log())
                    .extracting(LogEntry::sender)
                    .containsExactly(winner.owner().identity());
        }
    }

    @Test
    @Tag("S1")
    @Tag("S6")
    void s1_s6_joins_at_once_fill_exactly_the_seats() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room(4);
            List<TestRoom> nodes = List.of(room, onOtherNode(room));

            List<Boolean> joined = crowd.all(i -> nodes.get(i % 2).tryJoin(Caller.create()));

            assertThat(joined).filteredOn(got -> got).hasSize(3);
            assertThat(room.members()).hasSize(4);
            assertDense(room.log(), 1, 4);
        }
    }

    @Test
    @Tag("S1")
    @Tag("S6")
    void s1_s6_joins_of_one_identity_at_once_take_one_seat() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room(2);
            Caller caller = Caller.create();
            List<Caller> devices =
                    Stream.generate(caller::withNewToken).limit(CALLERS).toList();

            crowd.all(i -> room.join(devices.get(i)));

            assertThat(devices).allMatch(room::isMember);
            assertDense(room.log(), 1, 2);
        }
    }

    @Test
    @Tag("S7")
    void s7_nothing_is_appended_from_the_deadline_on() {
        TestRoom room = shortLivedRoom();

        List<LogEntry> written = whilePostingAs(room, room.owner(), () -> passDeadline(room), () -> {});

        assertThat(written).allMatch(entry -> entry.at().isBefore(room.room().expiresAt()));
        room.assertEnded();
    }

    @Test
    @Tag("S8")
    @Tag("S9")
    void s8_s9_late_appends_reach_no_room_under_the_code() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom old = room();
            TestRoom room = TestRoom.notCreated(old.store(), old.id(), LONG_LIFE, SEATS);

            whilePostingAs(
                    old,
                    old.owner(),
                    () -> assertThat(old.destroy()).isTrue(),
                    () -> assertThat(room.tryCreate()).isTrue());

            assertThat(room.sequences()).containsExactly(1L);
            assertThat(room.members()).containsExactly(room.owner().identity());
            old.assertIncarnationEnded();
        }
    }
}
