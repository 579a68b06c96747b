package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;

/**
 * Where rooms are kept, ready for a server.
 *
 * @param store the rooms
 * @param broadcaster how nodes with the same rooms hear of each other
 * @param atEnd lets go of both
 */
record Rooms(RoomStore store, RoomBroadcaster broadcaster, Runnable atEnd) implements AutoCloseable {

    @Override
    public void close() {
        atEnd.run();
    }
}
