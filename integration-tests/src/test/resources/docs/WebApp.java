import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.sse.*;
import io.github.ephemeralchat.sse.servlet.*;
import jakarta.servlet.*;
import jakarta.servlet.annotation.WebListener;

/** The code is a listener that mounts the API at /chat. */
public class WebApp {

    public static void main(String[] args) throws Exception {
        io.github.ephemeralchat.it.DocsHost.serves(new ChatListener());
    }

    static
    // CODE
}
