import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.it.DocsHost;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import org.xnio.Options;

/** The code starts a server at a port, with the API below /chat. */
public class UndertowHost {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        int port = DocsHost.freePort();
        // CODE
        DocsHost.talksUntilTheEnd(port, () -> {
            deployed.stop();
            server.stop();
        });
        chat.close();
    }
}
