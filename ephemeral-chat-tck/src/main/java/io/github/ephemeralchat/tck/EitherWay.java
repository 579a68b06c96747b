package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.AsyncRoomStore;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes every other change without a thread that waits, if the store can: all rules hold for both ways. */
final class EitherWay {

    private static final AtomicInteger CHANGES = new AtomicInteger();

    private EitherWay() {}

    static Optional<Appended> change(RoomStore store, RoomId id, Actor actor, RoomChange change) {
        return store instanceof AsyncRoomStore async && CHANGES.getAndIncrement() % 2 == 1
                ? changeAsync(async, id, actor, change)
                : store.change(id, actor, change);
    }

    private static Optional<Appended> changeAsync(AsyncRoomStore store, RoomId id, Actor actor, RoomChange change) {
        try {
            return store.changeAsync(id, actor, change).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
