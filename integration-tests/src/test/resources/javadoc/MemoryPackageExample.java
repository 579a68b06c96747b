import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;

/** The code stands by itself. */
public class MemoryPackageExample {

    public static void main(String[] args) throws Exception {
        // CODE
        chat.close();
    }
}
