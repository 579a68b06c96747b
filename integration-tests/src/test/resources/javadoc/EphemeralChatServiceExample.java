import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.time.Duration;

/** The code has a service. */
public class EphemeralChatServiceExample {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        // CODE
        chat.close();
    }
}
