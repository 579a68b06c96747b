import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.*;

/** The code makes a store. */
public class MemoryRoomStoreExample {

    public static void main(String[] args) throws Exception {
        // CODE
        store.now();
    }
}
