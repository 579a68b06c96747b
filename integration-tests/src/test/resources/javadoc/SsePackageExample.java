import io.github.ephemeralchat.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.*;
import java.time.Duration;

/** The code makes an API. */
public class SsePackageExample {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        // CODE
        api.close();
        chat.close();
    }
}
