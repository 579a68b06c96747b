package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.EndToEndContract;

class MapEndToEndTest extends EndToEndContract {

    @Override
    protected RoomStore store(LogLimits limits) {
        return new MapRoomStore(limits);
    }
}
