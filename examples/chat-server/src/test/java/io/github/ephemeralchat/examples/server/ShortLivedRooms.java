package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.testsupport.Intercepted;
import java.time.Duration;
import java.time.Instant;

/** Stores whose rooms end sooner than was asked for: a minute is long for a test. */
final class ShortLivedRooms {

    private ShortLivedRooms() {}

    static RoomStore in(RoomStore store, Duration ttl) {
        return Intercepted.of(RoomStore.class, store, call -> {
            if (!call.is("create")) {
                return call.proceed();
            }
            Room room = (Room) call.arguments().get(0);
            Instant end = room.createdAt().plus(ttl);
            return store.create(room.withExpiresAt(end).withLatestExpiresAt(end), (JoinRequest)
                    call.arguments().get(1));
        });
    }
}
