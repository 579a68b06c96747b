import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;

/** The code stands by itself, and destroys its room. */
public class EphemeralchatPackageExample {

    public static void main(String[] args) throws Exception {
        // CODE
        if (chat.findRoom(code).isPresent()) {
            throw new AssertionError("the room lives");
        }
        chat.close();
    }
}
