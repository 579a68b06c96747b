package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.tck.TestRoom.Guest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a store has to hold where a member leaves, or a room ends, while others write to it. */
abstract class EndRaceRules extends CrowdRules {

    private static final int VISITS = 25;
    /** Lets the others begin. */
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    EndRaceRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s6s13ComingAndGoingNeverOverfillsTheRoom() {
        TestRoom room = room(3);

        crowd().all(i -> IntStream.range(0, VISITS).filter(n -> comeAndGo(room)).count());

        long present = 0;
        for (LogEntry entry : room.log()) {
            present += entry.kind().equals(LogEntry.JOINED) ? 1 : -1;
            assertThat(present).as("members after entry %s", entry.id()).isBetween(1L, 3L);
        }
        assertThat(room.members()).containsExactly(room.owner().identity());
    }

    private static boolean comeAndGo(TestRoom room) {
        Guest guest = Guest.anybody();
        return room.tryJoin(guest) && room.leave(guest).isPresent();
    }

    @Test
    void s1s13OneOfManyLeavesCounts() {
        TestRoom room = room();
        Guest guest = room.join();

        List<Optional<Appended>> answers = crowd().all(i -> room.leave(guest));

        assertThat(answers).filteredOn(Optional::isPresent).hasSize(1);
        assertDense(room.log(), 1, 3);
    }

    @Test
    void s5s13NothingOfAMemberComesAfterItLeft() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room();
            Guest guest = room.join();
            AtomicBoolean left = new AtomicBoolean();

            crowd().all(i -> i == 0 ? leaveSoon(room, guest, left) : postUntilRefused(room, guest, i, left));

            List<LogEntry> log = room.log();
            assertThat(log.get(log.size() - 1).kind()).isEqualTo(LogEntry.LEFT);
        }
    }

    private static List<LogEntry> leaveSoon(TestRoom room, Guest guest, AtomicBoolean left) {
        Await.pause(A_MOMENT);
        room.leave(guest);
        left.set(true);
        return List.of();
    }

    @Test
    void s7NothingIsAppendedFromTheDeadlineOn() {
        TestRoom room = shortLivedRoom();
        AtomicBoolean over = new AtomicBoolean();

        List<List<LogEntry>> written =
                crowd().all(i -> i == 0 ? expire(room, over) : postUntilRefused(room, room.owner(), i, over));

        assertThat(written.stream().flatMap(List::stream))
                .allMatch(entry -> entry.at().isBefore(room.room().expiresAt()));
        room.assertOver();
    }

    private List<LogEntry> expire(TestRoom room, AtomicBoolean over) {
        Await.pause(A_MOMENT);
        passDeadline(room);
        over.set(true);
        return List.of();
    }

    @Test
    void s8s9LateAppendsReachNeitherTheOldRoomNorTheNewOne() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom old = room();
            AtomicBoolean over = new AtomicBoolean();
            TestRoom room = TestRoom.notCreated(old.store(), old.id(), LONG_LIFE, SEATS);

            crowd().all(i -> i == 0 ? replace(old, room, over) : postUntilRefused(old, old.owner(), i, over));

            assertThat(room.sequences()).containsExactly(1L);
            assertThat(room.members()).containsExactly(room.owner().identity());
            old.assertOverForItsKey();
        }
    }

    private static List<LogEntry> replace(TestRoom old, TestRoom room, AtomicBoolean over) {
        Await.pause(A_MOMENT);
        assertThat(old.destroy()).isTrue();
        over.set(true);
        assertThat(room.tryCreate()).isTrue();
        return List.of();
    }

    /** Posts until it is refused, which must be so once somebody has said that it is over. */
    private static List<LogEntry> postUntilRefused(TestRoom room, Guest guest, int caller, AtomicBoolean over) {
        List<LogEntry> written = new ArrayList<>();
        boolean mustFail;
        do {
            mustFail = over.get();
            try {
                written.add(room.post(guest, caller + "-" + written.size()).entry());
            } catch (NotAParticipantException | RoomNotFoundException e) {
                return written;
            }
        } while (!mustFail);
        throw new AssertionError("an append that had to be refused was not");
    }
}
