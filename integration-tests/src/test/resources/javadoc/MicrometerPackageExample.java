import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.github.ephemeralchat.spi.RoomStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The code makes the service. */
public class MicrometerPackageExample {

    public static void main(String[] args) {
        use(MemoryRoomStore.create(), new SimpleMeterRegistry());
    }

    static void use(RoomStore store, MeterRegistry registry) {
        // CODE
        chat.close();
    }
}
