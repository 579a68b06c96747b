import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.*;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;

/** The code stands by itself. */
public class Statements {

    public static void main(String[] args) throws Exception {
        // CODE
    }
}
