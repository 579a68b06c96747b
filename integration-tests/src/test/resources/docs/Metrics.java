import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.github.ephemeralchat.spi.RoomStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The code has a store and a registry, and makes the service. */
public class Metrics {

    public static void main(String[] args) {
        MeterRegistry registry = new SimpleMeterRegistry();
        use(MemoryRoomStore.create(), registry);
        if (registry.get("ephemeral.chat.rooms.opened").counter().count() != 1) {
            throw new AssertionError("the room was not counted");
        }
    }

    static void use(RoomStore store, MeterRegistry registry) {
        // CODE
        chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
        chat.close();
    }
}
