package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.tck.TestRoom.Guest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a store has to hold where many write to it or read from it at once, from two nodes. */
abstract class RaceRules extends CrowdRules {

    private static final int APPENDS = 100;

    RaceRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s1s2AppendsLoseNothingAndLeaveNoHole() {
        TestRoom room = room(CALLERS);
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        List<Guest> guests = guests(room);

        List<List<Appended>> appended = crowd().all(i -> IntStream.range(0, APPENDS)
                .mapToObj(n -> nodes.get(i % 2).post(guests.get(i), i + "-" + n))
                .toList());

        List<LogEntry> log = room.log();
        assertDense(log, 1, CALLERS + CALLERS * APPENDS);
        assertThat(room.keys()).doesNotHaveDuplicates().hasSize(CALLERS * APPENDS);
        appended.forEach(mine -> assertInTheLog(mine, log));
    }

    private static void assertInTheLog(List<Appended> mine, List<LogEntry> log) {
        long last = 0;
        for (Appended one : mine) {
            int index = (int) one.entry().id().sequence() - 1;
            assertThat(log.get(index)).isEqualTo(one.entry());
            assertThat(one.previous())
                    .as("the entry before")
                    .isEqualTo(log.get(index - 1).id());
            assertThat(one.entry().id().sequence()).as("one caller's own order").isGreaterThan(last);
            last = one.entry().id().sequence();
        }
    }

    @Test
    void s1s10AppendsToATrimmedLogLeaveNoHole() {
        TestRoom room = room(new LogLimits(10, 1 << 20));

        crowd().all(i -> IntStream.range(0, APPENDS)
                .mapToObj(n -> room.post(room.owner(), i + "-" + n))
                .toList());

        assertDense(room.log(), CALLERS * APPENDS - 8, CALLERS * APPENDS + 1);
    }

    @Test
    void s3ReadersFollowTheLogWithoutAGap() {
        TestRoom room = room();
        TestRoom elsewhere = onOtherNode(room);
        int writers = CALLERS / 2;

        List<List<LogEntry>> read =
                crowd().all(i -> i < writers ? write(room, i) : follow(elsewhere, 1 + writers * APPENDS));

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
    void s1s4SameKeyAtOnceIsStoredOnce() {
        TestRoom room = room();
        List<TestRoom> nodes = List.of(room, onOtherNode(room));
        for (int round = 0; round < ROUNDS; round++) {
            String key = "k" + round;

            List<Appended> answers = crowd().all(i -> nodes.get(i % 2).post(room.owner(), key));

            assertThat(answers).filteredOn(Appended::stored).hasSize(1);
            assertThat(answers)
                    .extracting(Appended::entry)
                    .containsOnly(answers.get(0).entry());
        }
        assertThat(room.keys()).hasSize(ROUNDS);
    }

    @Test
    void s1CreatesOfOneCodeAtOnceMakeOneRoom() {
        TestRoom first = room();
        for (int round = 0; round < ROUNDS; round++) {
            RoomId id = RoomId.random();
            List<TestRoom> rooms = IntStream.range(0, CALLERS)
                    .mapToObj(i -> TestRoom.notCreated(first.store(), id, LONG_LIFE, SEATS))
                    .toList();

            List<Boolean> created = crowd().all(i -> rooms.get(i).tryCreate());

            assertThat(created).containsOnlyOnce(true);
            TestRoom winner = rooms.get(created.indexOf(true));
            assertThat(winner.state().room()).isEqualTo(winner.room());
            assertThat(winner.log())
                    .extracting(LogEntry::sender)
                    .containsExactly(winner.owner().identity());
        }
    }

    @Test
    void s1s6JoinsAtOnceFillExactlyTheSeats() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room(4);
            List<TestRoom> nodes = List.of(room, onOtherNode(room));

            List<Boolean> joined = crowd().all(i -> nodes.get(i % 2).tryJoin(Guest.anybody()));

            assertThat(joined).filteredOn(got -> got).hasSize(3);
            assertThat(room.members()).hasSize(4);
            assertDense(room.log(), 1, 4);
        }
    }

    @Test
    void s1s6JoinsOfOneIdentityAtOnceTakeOneSeat() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room(2);
            Guest guest = Guest.anybody();
            List<Guest> devices = IntStream.range(0, CALLERS)
                    .mapToObj(i -> guest.withNewToken())
                    .toList();

            crowd().all(i -> room.join(devices.get(i)));

            assertThat(devices).allMatch(room::isMember);
            assertDense(room.log(), 1, 2);
        }
    }

    private static List<Guest> guests(TestRoom room) {
        List<Guest> guests = new ArrayList<>(List.of(room.owner()));
        while (guests.size() < CALLERS) {
            guests.add(room.join());
        }
        return guests;
    }
}
