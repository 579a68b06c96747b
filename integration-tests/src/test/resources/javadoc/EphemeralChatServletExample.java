import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.it.DocsHost;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.sse.*;
import io.github.ephemeralchat.sse.servlet.*;
import jakarta.servlet.*;
import java.time.Duration;

/** The code mounts the API at /chat in a context that is about to start. */
public class EphemeralChatServletExample {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        DocsHost.serves(context -> mount(chat, context));
        chat.close();
    }

    static void mount(EphemeralChatService chat, ServletContext context) {
        // CODE
    }
}
