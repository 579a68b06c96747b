package io.github.ephemeralchat.test;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * A chat in memory whose time a test moves. Thread-safe. Close it at the test's end; with JUnit 5.11 and later {@code @AutoClose}
 * does so.
 */
public final class TestChat implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final TestTime time = new TestTime();
    private final EphemeralChatService service;
    private final ConcurrentMap<HeardRoom, RoomId> heard = new ConcurrentHashMap<>();

    private TestChat(UnaryOperator<EphemeralChatService.Builder> settings) {
        MemoryRoomStore store = MemoryRoomStore.builder().timeSource(time).build();
        service = settings.apply(EphemeralChatService.builder(store)).build();
    }

    /** {@return a chat with the usual settings} */
    public static TestChat create() {
        return create(UnaryOperator.identity());
    }

    /**
     * Creates a chat with settings of the host's, such as its {@code RoomListener} or {@code MessageGuard}.
     *
     * @param settings changes the builder of the service
     * @return a chat
     */
    public static TestChat create(UnaryOperator<EphemeralChatService.Builder> settings) {
        return new TestChat(Objects.requireNonNull(settings, "settings"));
    }

    /** {@return what the application works with: the same object each time} */
    public EphemeralChatService service() {
        return service;
    }

    /** {@return the time of the chat} */
    public TestTime time() {
        return time;
    }

    /**
     * Listens to a room.
     *
     * @param room its code
     * @return what the room tells from now on
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if there is no such room
     */
    public HeardRoom hear(RoomId room) {
        Objects.requireNonNull(room, "room");
        HeardRoom events = new HeardRoom();
        service.subscribe(room, Cursor.now(), events::hear);
        heard.put(events, room);
        return events;
    }

    /**
     * Moves the time, and waits until each {@linkplain #hear heard} room that has ended by then has told of its end.
     *
     * @param step how far
     * @throws IllegalArgumentException if it is negative
     * @throws AssertionError if a room has not told of its end 10 seconds later
     */
    public void advance(Duration step) {
        time.advance(step);
        long begun = System.nanoTime();
        for (Map.Entry<HeardRoom, RoomId> each : List.copyOf(heard.entrySet())) {
            if (service.findRoom(each.getValue()).isPresent()) {
                continue;
            }
            while (!each.getKey().hasEnded()) {
                if (System.nanoTime() - begun > TIMEOUT.toNanos()) {
                    throw new AssertionError("a room has ended and has not told so");
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            heard.remove(each.getKey());
        }
    }

    /** Ends the chat and all listening. Idempotent. */
    @Override
    public void close() {
        service.close();
    }
}
