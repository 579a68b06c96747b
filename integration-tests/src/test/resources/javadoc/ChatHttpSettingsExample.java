import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.sse.*;
import io.github.ephemeralchat.sse.servlet.*;
import java.net.URI;
import java.time.Duration;

/** The code makes settings. */
public class ChatHttpSettingsExample {

    public static void main(String[] args) throws Exception {
        // CODE
        try (EventStreams streams = new EventStreams(EphemeralChatService.create(MemoryRoomStore.create()), settings)) {
            streams.toString();
        }
    }
}
