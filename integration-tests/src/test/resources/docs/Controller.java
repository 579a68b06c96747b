import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.sse.*;
import io.github.ephemeralchat.sse.servlet.*;
import jakarta.servlet.http.*;
import java.io.IOException;

/** The code is a servlet SupportEvents that answers user Anna with the stream of the room where she has a seat. */
public class Controller {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        RoomId room = chat.createRoom(RoomOptions.defaults(), new Identity("anna", "Anna")).room().id();
        io.github.ephemeralchat.it.DocsHost.streams(new SupportEvents(chat), "anna", room.value());
        chat.close();
    }

    static
    // CODE
}
