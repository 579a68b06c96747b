import io.github.ephemeralchat.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.sse.*;
import io.github.ephemeralchat.sse.servlet.*;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;

/** The code makes a servlet, which is then mounted. */
public class Hooks {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        io.github.ephemeralchat.it.DocsHost.serves(context -> {
            var registration = context.addServlet("chat", servlet(chat));
            registration.setAsyncSupported(true);
            registration.addMapping("/chat/*");
        });
        chat.close();
    }

    static EphemeralChatServlet servlet(EphemeralChatService chat) {
        // CODE
        return servlet;
    }
}
