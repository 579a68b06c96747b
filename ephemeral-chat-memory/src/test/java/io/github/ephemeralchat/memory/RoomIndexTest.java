package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.tck.SettableTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoomIndexTest {

    private static final Duration LIFE = Duration.ofMinutes(2);

    private final SettableTime time = new SettableTime();
    private final RoomIndex index = new RoomIndex(1, time);

    @Test
    void roomRemovedTwice_leavesItsSuccessor_withTheSameDeadline() {
        RoomId id = RoomId.random();
        MemoryRoom first = room(id);
        index.add(first);
        index.remove(first);
        MemoryRoom second = room(id);
        index.add(second);

        index.remove(first);

        assertThat(index.find(id)).contains(second);
    }

    @Test
    void movedDeadline_isWhatCounts() {
        MemoryRoom moved = room(RoomId.random());
        index.add(moved);
        moveEnd(moved, Duration.ofMinutes(3));

        time.advance(LIFE); // Nobody has told the index yet.
        assertRefused();
        index.deadlineMoved(moved);
        moveEnd(moved, Duration.ofMinutes(1));
        index.deadlineMoved(moved);
        assertRefused();
        time.advance(Duration.ofMinutes(1));

        assertThat(index.add(room(RoomId.random()))).isTrue();
        assertThat(index.find(moved.room().id())).isEmpty();
    }

    private void moveEnd(MemoryRoom room, Duration fromNow) {
        RoomChange change = new RoomChange.Deadline(time.instant().plus(fromNow));
        room.ifLiving(time, (living, now) -> living.change(new Actor.Host("Host"), change, now));
    }

    private void assertRefused() {
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> index.add(room(RoomId.random())));
    }

    @Test
    void endedRoom_makesNoStep_forWhoStillRefersToIt() {
        MemoryRoom room = room(RoomId.random());
        assertThat(room.ifLiving(time, (living, now) -> now)).isPresent();

        room.end();

        assertThat(room.ifLiving(time, (living, now) -> now)).isEmpty();
    }

    /** Bodies end with their room at the latest: whoever drops them may come just after whoever ends it. */
    @Test
    void endedRoom_givesNothingBackTwice() {
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
        MemoryRoom room = room(RoomId.random(), budget);
        RoomChange post = new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "text").withLife(LIFE, null));
        assertThat(room.ifLiving(time, (living, now) -> living.change(new Actor.Host("Host"), post, now)))
                .isPresent();
        time.advance(LIFE);
        room.end();

        room.forgetDueSince(time.instant());

        assertThat(budget.used()).isZero();
    }

    private MemoryRoom room(RoomId id) {
        return room(id, new MemoryBudget(Long.MAX_VALUE));
    }

    private MemoryRoom room(RoomId id, MemoryBudget budget) {
        Room room = MemoryRooms.room(id, time.instant(), LIFE, 2);
        return new MemoryRoom(room.withLatestExpiresAt(room.expiresAt().plus(LIFE)), null, LogLimits.DEFAULT, budget);
    }
}
