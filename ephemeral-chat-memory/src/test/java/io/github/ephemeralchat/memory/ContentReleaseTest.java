package io.github.ephemeralchat.memory;

import static io.github.ephemeralchat.memory.MemoryRooms.room;
import static io.github.ephemeralchat.memory.MemoryRooms.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** In real time: what was written into a room is gone from the heap soon after its end, though nobody calls the store. */
class ContentReleaseTest {

    private static final Duration LIFE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final MemoryRoomStore store = MemoryRoomStore.create();

    @Test
    void expiredRoomIsUnreachableThoughNobodyCallsTheStore() {
        assertUnreachable(LIFE.plus(LIMIT), written(LIFE));
    }

    @Test
    void destroyedRoomIsUnreachable() {
        List<WeakReference<?>> written = written(Duration.ofHours(1));
        destroy(written.get(0));

        assertUnreachable(LIMIT, written);
    }

    private void assertUnreachable(Duration limit, List<WeakReference<?>> written) {
        written.forEach(reference -> Await.untilUnreachable(limit, "what was written is unreachable", reference));
        assertThat(written(Duration.ofHours(1)))
                .as("the store itself still lives")
                .isNotEmpty();
    }

    private void destroy(WeakReference<?> room) {
        store.destroy(((Room) Objects.requireNonNull(room.get())).incarnation());
    }

    /** Makes a room with a text, and leaves nothing of both on the caller's stack. */
    private List<WeakReference<?>> written(Duration life) {
        Room room = room(store, life, 2);
        TokenHash token = token();
        store.create(room, Identity.anonymous(), token);
        String text = "a text of " + room.expiresAt();
        store.append(room.id(), token, new Draft(LogEntry.MESSAGE, "k", text));
        return List.of(new WeakReference<>(room), new WeakReference<>(text));
    }

    @Test
    void whoStillHoldsAnEndedRoomHoldsNothingOfItsContent() {
        Room room = room(store, Duration.ofHours(1), 2);
        RoomContent content = new RoomContent(room, LogLimits.DEFAULT);
        MemoryRoom held = new MemoryRoom(room, 1, content, store::now);
        WeakReference<RoomContent> reference = new WeakReference<>(content);
        content = null;

        assertThat(held.end()).isTrue();

        Await.untilUnreachable(LIMIT, "the content is unreachable", reference);
        assertThat(held.end()).as("ended twice").isFalse();
    }
}
