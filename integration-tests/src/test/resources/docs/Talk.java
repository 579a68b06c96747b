import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.tck.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;

/** What the code prints is what Ben wrote. */
public class Talk {

    public static void main(String[] args) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            talk();
            Await.until(Duration.ofSeconds(5), "Ben's line", () -> printed.toString(UTF_8).equals("Ben: hello\n"));
        } finally {
            System.setOut(before);
        }
    }

    static void talk() {
        // CODE
    }
}
