import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.netty.NettyChatServer;

/** Compiled only: the port may be taken. */
public class NettyPackageExample {

    public static void main(String[] args) {}

    static void serve(EphemeralChatService chat) throws Exception {
        // CODE
        server.close();
    }
}
