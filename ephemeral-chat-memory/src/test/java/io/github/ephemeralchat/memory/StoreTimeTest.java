package io.github.ephemeralchat.memory;

import static io.github.ephemeralchat.memory.MemoryRooms.createIn;
import static io.github.ephemeralchat.memory.MemoryRooms.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.tck.Crowd;
import io.github.ephemeralchat.tck.SettableTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoreTimeTest {

    @Test
    void defaultTime_isTheWallClocks_andNeverGoesBack() {
        MemoryRoomStore store = MemoryRoomStore.create();
        assertThat(store.now())
                .isBetween(Instant.now().minusSeconds(1), Instant.now().plusSeconds(1));

        try (Crowd crowd = new Crowd(4)) {
            assertThat(crowd.all(i -> goesForward(store))).containsOnly(true);
        }
    }

    private static boolean goesForward(MemoryRoomStore store) {
        Instant[] last = {store.now()};
        return IntStream.range(0, 100_000).allMatch(i -> {
            Instant now = store.now();
            boolean forward = !now.isBefore(last[0]);
            last[0] = now;
            return forward;
        });
    }

    @Test
    void defaultTime_followsTheMonotonicClockOnly() {
        Instant start = Instant.parse("2030-01-01T00:00:00Z");
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        InstantSource time = MemoryRoomStore.Builder.monotonicTime(start, nanos::get);
        assertThat(time.instant()).isEqualTo(start);

        nanos.addAndGet(Duration.ofMinutes(3).toNanos());

        assertThat(time.instant()).as("also if the nanoseconds overflow").isEqualTo(start.plusSeconds(180));
    }

    @Test
    void deadlineMayBeAnyInstant() {
        SettableTime time = new SettableTime();
        MemoryRoomStore store = MemoryRoomStore.builder().timeSource(time).build();
        Room room = new Room(new RoomIncarnation(RoomId.random(), 1), store.now(), Instant.MAX, 2, false);

        assertThat(createIn(store, room)).isTrue();
        time.advance(Duration.ofDays(365 * 50));

        assertThat(store.find(room.id())).isPresent();
    }

    @Test
    void timeIsReadToTheMillisecond() {
        SettableTime time = new SettableTime(Instant.parse("2030-01-01T00:00:00.000999Z"));
        MemoryRoomStore store = MemoryRoomStore.builder().timeSource(time).build();
        assertThat(store.now()).isEqualTo("2030-01-01T00:00:00Z");
        Room room = room(store, Duration.ofMillis(1), 2);
        createIn(store, room);

        time.set(room.expiresAt().minusNanos(1));
        assertThat(store.find(room.id())).isPresent();
        time.set(room.expiresAt());
        assertThat(store.find(room.id())).isEmpty();
    }
}
