package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where rooms are kept, ready for a server.
 *
 * @param store the rooms
 * @param broadcaster how nodes with the same rooms hear of each other; null where there is no other node
 * @param loops event loops that the server is to share with the store's connections; null for loops of its own
 * @param atEnd lets go of all
 */
record Rooms(
        RoomStore store,
        @Nullable RoomBroadcaster broadcaster,
        @Nullable EventLoopGroup loops,
        Runnable atEnd) implements AutoCloseable {

    ChatServer serve(ServerOptions options) throws IOException {
        return broadcaster == null
                ? ChatServer.start(options, store)
                : ChatServer.start(options, store, broadcaster, loops);
    }

    @Override
    public void close() {
        atEnd.run();
    }
}
