package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.EndToEndContract;

class MemoryEndToEndTest extends EndToEndContract {

    @Override
    protected RoomStore store(LogLimits limits) {
        return MemoryRoomStore.builder().logLimits(limits).build();
    }
}
