import io.github.ephemeralchat.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.spi.RoomStore;
import java.util.concurrent.atomic.AtomicInteger;

/** The code makes a service with an observer. */
public class MetricsPackageExample {

    public static void main(String[] args) {
        RoomStore store = MemoryRoomStore.create();
        // CODE
        chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
        if (created.get() != 1) {
            throw new AssertionError("not observed");
        }
        chat.close();
    }
}
