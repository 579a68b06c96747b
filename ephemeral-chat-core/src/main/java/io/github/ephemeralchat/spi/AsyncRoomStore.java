package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An optional ability of a {@link RoomStore}: to make a change without a thread that waits for the answer. Servers with
 * event loops use it for posts; without it these take a thread each. Thread-safe, and never blocks.
 *
 * <p>Every rule of the store holds for it too. S12 means here: the stage completes within 2.5 seconds, no more than a fixed
 * number of changes are under way at once, and those beyond it fail at once with {@link ChatUnavailableException}. The store
 * announces what it appends by itself ({@link Appended#announced}), unless the broadcaster that it is used with publishes
 * without blocking.
 */
public interface AsyncRoomStore {

    /**
     * Makes a change as {@link RoomStore#change} does.
     *
     * @param id the room's code
     * @param actor in whose name
     * @param change what to change
     * @return completes as that method returns, or fails with what it throws; on any thread, perhaps on the calling one, and
     *     perhaps on one that must not be blocked. To complete it by other means has no effect on the change
     */
    CompletionStage<Optional<Appended>> changeAsync(RoomId id, Actor actor, RoomChange change);
}
