import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.RedisURI;

/** Compiled only: there is no Redis at that address. docs/BACKENDS.md runs the same. */
public class RedisPackageExample {

    public static void main(String[] args) {}

    static void connect() {
        // CODE
    }
}
