import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.*;
import io.github.ephemeralchat.tck.*;
import java.time.Duration;

/** The code is a test of a store; it is run as MemoryRoomStoreTest. */
public class TckPackageExample {

    public static void main(String[] args) throws Exception {
        if (new MemoryRoomStoreTest().createStore(LogLimits.DEFAULT).now() == null) {
            throw new AssertionError("no time");
        }
    }

    static
    // CODE
}
