package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.RoomStoreContract;
import io.github.ephemeralchat.tck.SettableTime;
import java.time.Duration;

class MapRoomStoreTest extends RoomStoreContract {

    private final SettableTime time = new SettableTime();

    @Override
    protected RoomStore createStore(LogLimits limits) {
        return new MapRoomStore(limits, time);
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomIncarnation room) {
        return false;
    }

    @Override
    protected void passTime(Duration duration) {
        time.advance(duration);
    }

    @Override
    protected Duration timeTolerance() {
        return Duration.ZERO;
    }
}
