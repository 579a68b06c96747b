package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.tck.SettableTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoomIndexTest {

    private final SettableTime time = new SettableTime();
    private final RoomIndex index = new RoomIndex(1, time);

    @Test
    void roomRemovedTwice_leavesItsSuccessor_withTheSameDeadline() {
        RoomId id = RoomId.random();
        MemoryRoom first = room(id);
        index.add(first);
        assertThat(index.remove(first)).isTrue();
        MemoryRoom second = room(id);
        index.add(second);

        assertThat(index.remove(first)).isFalse();

        assertThat(index.find(id)).contains(second);
        assertThat(index.remove(second)).isTrue();
    }

    @Test
    void endedRoom_makesNoStep_forWhoStillRefersToIt() {
        MemoryRoom room = room(RoomId.random());
        assertThat(room.ifLiving(time, (living, now) -> now)).isPresent();

        room.end();

        assertThat(room.ifLiving(time, (living, now) -> now)).isEmpty();
    }

    private MemoryRoom room(RoomId id) {
        return new MemoryRoom(
                MemoryRooms.room(id, time.instant(), Duration.ofMinutes(1), 2),
                LogLimits.DEFAULT,
                new MemoryBudget(Long.MAX_VALUE));
    }
}
