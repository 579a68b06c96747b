package io.github.ephemeralchat.memory;

import static io.github.ephemeralchat.memory.MemoryRooms.createIn;
import static io.github.ephemeralchat.memory.MemoryRooms.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JoinRaceTest {

    private static final int ROUNDS = 1_000;
    private static final int CALLERS = 100;
    private static final int SEATS = 50;

    private final MemoryRoomStore store = MemoryRoomStore.create();

    @Test
    void hundredJoinsAtOnce_fillExactlyTheSeats() {
        List<Identity> participants =
                Stream.generate(Identity::anonymous).limit(CALLERS).toList();
        try (Crowd crowd = new Crowd(CALLERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                Room room = room(store, Duration.ofMinutes(1), SEATS);
                createIn(store, room);

                List<Boolean> joined = crowd.all(i -> tryJoin(room, participants.get(i)));

                RoomState state = store.find(room.id()).orElseThrow();
                assertThat(joined).filteredOn(got -> got).hasSize(SEATS - 1);
                assertThat(state.members()).hasSize(SEATS);
                assertThat(state.head().sequence()).isEqualTo(SEATS);
                MemoryRooms.destroy(store, room);
            }
        }
    }

    private boolean tryJoin(Room room, Identity participant) {
        try {
            MemoryRooms.join(store, room, participant);
            return true;
        } catch (RoomFullException e) {
            return false;
        }
    }
}
