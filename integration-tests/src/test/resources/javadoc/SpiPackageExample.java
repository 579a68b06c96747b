import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.*;

/** The code has a store. */
public class SpiPackageExample {

    public static void main(String[] args) throws Exception {
        RoomStore myStore = MemoryRoomStore.create();
        // CODE
        chat.close();
    }
}
