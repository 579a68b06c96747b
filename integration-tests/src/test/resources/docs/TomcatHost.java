import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.it.DocsHost;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** The code starts a server at a port, with the API below /chat. */
public class TomcatHost {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        int port = DocsHost.freePort();
        // CODE
        DocsHost.talksUntilTheEnd(port, () -> {
            tomcat.stop();
            tomcat.destroy();
        });
        chat.close();
    }
}
