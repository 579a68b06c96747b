package io.github.ephemeralchat.memory;

import static io.github.ephemeralchat.memory.MemoryRooms.room;
import static io.github.ephemeralchat.memory.MemoryRooms.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.Identity;
import io.github.ephemeralchat.Room;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** In real time: what was written into a room is gone from the heap soon after its end, though nobody calls the store. */
class ContentReleaseTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final MemoryRoomStore store = MemoryRoomStore.create();

    @Test
    void contentOfAnExpiredRoomIsUnreachableThoughNobodyCallsTheStore() {
        Room room = room(store, Duration.ofMillis(300), 2);
        WeakReference<Object> text = writeInto(room);

        Await.untilUnreachable(LIMIT, "the text is unreachable", text);

        assertThat(store.now())
                .as("the store still lives, and the room not any more")
                .isAfter(room.expiresAt());
    }

    @Test
    void contentOfADestroyedRoomIsUnreachable() {
        Room room = room(store, Duration.ofHours(1), 2);
        WeakReference<Object> text = writeInto(room);
        store.destroy(room.key());

        Await.untilUnreachable(LIMIT, "the text is unreachable", text);

        assertThat(store.find(room.id()))
                .as("the store still lives, and the room not any more")
                .isEmpty();
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

    /** Leaves nothing of the text on the caller's stack. */
    private WeakReference<Object> writeInto(Room room) {
        TokenHash token = token();
        store.create(room, Identity.anonymous(), token);
        String text = "a text of " + room.expiresAt();
        store.append(room.id(), token, new Draft(LogEntry.MESSAGE, "k", text));
        return new WeakReference<>(text);
    }
}
