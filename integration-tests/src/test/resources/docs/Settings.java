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
import java.util.Optional;
import java.util.Set;

/** The code makes settings, with which the API is then mounted. */
public class Settings {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        io.github.ephemeralchat.it.DocsHost.serves(context -> {
            var servlet = context.addServlet("chat", new EphemeralChatServlet(chat, settings()));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/chat/*");
        });
        chat.close();
    }

    static ChatHttpSettings settings() {
        // CODE
        return settings;
    }
}
