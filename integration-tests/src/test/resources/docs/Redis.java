import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.it.DocsHost;
import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.*;

/** The code connects to the address of a Redis. */
public class Redis {

    public static void main(String[] args) throws Exception {
        DocsHost.withRedis(Redis::use);
    }

    static void use(String address) {
        // CODE
    }
}
