import io.github.ephemeralchat.model.*;
import java.time.Duration;

/** The code makes options and an identity. */
public class ModelPackageExample {

    public static void main(String[] args) {
        // CODE
        if (options.rules().maxParticipants() != 3 || !anna.name().equals("Anna")) {
            throw new AssertionError("not as chosen");
        }
    }
}
