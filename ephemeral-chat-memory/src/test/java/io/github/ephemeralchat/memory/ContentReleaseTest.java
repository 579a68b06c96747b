package io.github.ephemeralchat.memory;

import static io.github.ephemeralchat.memory.MemoryRooms.room;
import static io.github.ephemeralchat.memory.MemoryRooms.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.SettableTime;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was written into a room is gone from the heap soon after its end, though nobody calls the store. */
class ContentReleaseTest {

    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** Of a busy machine the collector alone takes seconds for so many. */
    private static final Duration COLLECTED_WITHIN = Duration.ofSeconds(20);

    private static final int MANY = 100_000;

    private final SettableTime time = new SettableTime();
    private final MemoryRoomStore store =
            MemoryRoomStore.builder().maxBytes(1L << 30).timeSource(time).build();

    @Test
    void roomsThatExpireTogether_areUnreachable_thoughNobodyCalls() {
        List<WeakReference<?>> written = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            written.addAll(write(store));
        }
        assertThat(written).noneMatch(reference -> reference.refersTo(null));

        time.advance(LIFE);

        Await.until(LIMIT, "the store holds nothing", () -> store.usedBytes() == 0);
        assertUnreachable(written);
        assertThat(write(store)).as("the store itself is still in use").isNotEmpty();
    }

    @Test
    void destroyedRoom_isUnreachable() {
        List<WeakReference<?>> written = write(store);

        destroy(written.get(0));

        assertUnreachable(written);
        assertThat(write(store)).as("the store itself is still in use").isNotEmpty();
    }

    @Test
    void storeThatItsHostDropped_isUnreachable() {
        List<WeakReference<?>> written =
                write(MemoryRoomStore.builder().timeSource(new SettableTime()).build());

        assertUnreachable(written);
    }

    private static void assertUnreachable(List<WeakReference<?>> written) {
        Await.until(COLLECTED_WITHIN, "what was written is unreachable", () -> {
            System.gc();
            return written.stream().allMatch(reference -> reference.refersTo(null));
        });
    }

    private void destroy(WeakReference<?> room) {
        assertThat(room.get()).isInstanceOfSatisfying(Room.class, living -> MemoryRooms.destroy(store, living));
    }

    /** Creates a room with a text, and leaves neither on the caller's stack. */
    private static List<WeakReference<?>> write(MemoryRoomStore store) {
        Room room = room(store, LIFE, 2);
        TokenHash token = token();
        store.create(room, Identity.anonymous(), token);
        String text = "a text for " + room.id();
        MemoryRooms.append(store, room, token, new Draft(LogEntry.MESSAGE, "k", text));
        return List.of(new WeakReference<>(room), new WeakReference<>(text));
    }
}
