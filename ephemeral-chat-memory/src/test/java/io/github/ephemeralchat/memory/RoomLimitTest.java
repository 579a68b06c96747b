package io.github.ephemeralchat.memory;

import static io.github.ephemeralchat.memory.MemoryRooms.createIn;
import static io.github.ephemeralchat.memory.MemoryRooms.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.tck.Crowd;
import io.github.ephemeralchat.tck.SettableTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomLimitTest {

    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final int MAX = 37;
    private static final int CALLERS = 100;

    private final SettableTime time = new SettableTime();
    private final MemoryRoomStore store =
            MemoryRoomStore.builder().maxRooms(MAX).timeSource(time).build();

    @Test
    void createsAtOnce_fillTheStoreExactly_againAfterEachDeadline() {
        try (Crowd crowd = new Crowd(CALLERS)) {
            for (int generation = 0; generation < 50; generation++) {
                List<Room> rooms = IntStream.range(0, CALLERS)
                        .mapToObj(i -> room(store, LIFE, 2))
                        .toList();

                List<Boolean> created = crowd.all(i -> tryCreate(rooms.get(i)));

                assertThat(created).filteredOn(got -> got).hasSize(MAX);
                for (int i = 0; i < CALLERS; i++) {
                    assertThat(store.find(rooms.get(i).id()).isPresent()).isEqualTo(created.get(i));
                }
                time.advance(LIFE);
            }
        }
    }

    @Test
    void destroysAtOnce_freeEachPlaceOnce() {
        List<Room> rooms = fill();
        try (Crowd crowd = new Crowd(CALLERS)) {
            List<Boolean> destroyed = crowd.all(i -> MemoryRooms.destroy(store, rooms.get(i % MAX)));

            assertThat(destroyed).filteredOn(ended -> ended).hasSize(MAX);
        }

        fill();
        assertThat(tryCreate(room(store, LIFE, 2))).isFalse();
    }

    @Test
    void destroyOfAnExpiredRoom_freesNoPlaceTwice() {
        List<Room> rooms = fill();
        time.advance(LIFE);

        rooms.forEach(room -> assertThat(MemoryRooms.destroy(store, room)).isFalse());

        fill();
        assertThat(tryCreate(room(store, LIFE, 2))).isFalse();
    }

    @Test
    void createOnATakenCode_takesNoPlace() {
        Room room = room(store, LIFE, 2);
        for (int i = 0; i < 2 * MAX; i++) {
            assertThat(createIn(store, room)).isEqualTo(i == 0);
        }

        assertThat(tryCreate(room(store, LIFE, 2))).isTrue();
    }

    @Test
    void fullStore_refuses_andRemovesNoLivingRoom() {
        List<Room> rooms = fill();

        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> createIn(store, room(store, LIFE, 2)))
                .withMessage("the store keeps no more rooms");

        assertThat(rooms).allMatch(room -> store.find(room.id()).isPresent());
    }

    @Test
    void storeOfNoRooms_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryRoomStore.builder().maxRooms(0));
    }

    private List<Room> fill() {
        List<Room> rooms =
                IntStream.range(0, MAX).mapToObj(i -> room(store, LIFE, 2)).toList();
        assertThat(rooms).allMatch(this::tryCreate);
        return rooms;
    }

    private boolean tryCreate(Room room) {
        try {
            return createIn(store, room);
        } catch (LimitExceededException e) {
            return false;
        }
    }
}
