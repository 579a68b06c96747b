import io.github.ephemeralchat.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.sse.*;
import io.github.ephemeralchat.sse.servlet.*;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The code makes hooks. */
public class RequestHooksExample {

    public static void main(String[] args) throws Exception {
        // CODE
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        new EphemeralChatServlet(chat, ChatHttpSettings.defaults(), hooks).destroy();
        chat.close();
    }
}
