import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.test.*;
import java.time.Duration;

/** The code ends in a variable. */
public class TestPackageExample {

    public static void main(String[] args) throws Exception {
        // CODE
    }
}
