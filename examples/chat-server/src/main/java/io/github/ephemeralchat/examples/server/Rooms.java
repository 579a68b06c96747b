package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where rooms are kept, ready for a server.
 *
 * @param store the rooms
 * @param broadcaster how nodes with the same rooms hear of each other; null where there is no other node
 * @param atEnd lets go of both
 */
record Rooms(RoomStore store, @Nullable RoomBroadcaster broadcaster, Runnable atEnd) implements AutoCloseable {

    ChatServer serve(ServerOptions options) throws IOException {
        return broadcaster == null ? ChatServer.start(options, store) : ChatServer.start(options, store, broadcaster);
    }

    @Override
    public void close() {
        atEnd.run();
    }
}
