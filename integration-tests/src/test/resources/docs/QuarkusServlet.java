import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.it.DocsHost;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.annotation.WebServlet;

/** The code is a servlet and what makes its rooms; here the two are put together by hand. */
public class QuarkusServlet {

    public static void main(String[] args) throws Exception {
        QuarkusServlet application = new QuarkusServlet();
        Rooms rooms = application.new Rooms();
        EphemeralChatService chat = rooms.chat();
        DocsHost.serves(context -> {
            var registration = context.addServlet("chat", application.new ChatServlet(chat));
            registration.setAsyncSupported(true);
            registration.addMapping("/chat/*");
        });
        rooms.close(chat);
    }
    // CODE
}
