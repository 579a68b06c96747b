import io.github.ephemeralchat.DeliveryCheck;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;

/** The code checks the delivery once. */
public class DeliveryCheckExample {

    public static void main(String[] args) {
        use(MemoryRoomStore.create(), RoomBroadcaster.local());
    }

    static void use(RoomStore store, RoomBroadcaster broadcaster) {
        // CODE
        check.close();
        if (!ready) {
            throw new IllegalStateException("a message did not arrive");
        }
    }
}
