import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.it.DocsHost;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.javalin.Javalin;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** The code starts a server at a port, with the API below /chat. */
public class JavalinHost {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        int port = DocsHost.freePort();
        // CODE
        DocsHost.talksUntilTheEnd(port, () -> {
            app.stop();
        });
        chat.close();
    }
}
