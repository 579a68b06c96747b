import io.github.ephemeralchat.*;
import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.github.ephemeralchat.redis.RedisChat;
import io.micrometer.core.instrument.MeterRegistry;

/** Compiled only: there is no Redis. */
public class EphemeralChatService.BuilderExample {

    public static void main(String[] args) {}

    static EphemeralChatService use(RedisChat redis, MeterRegistry meters) {
        // CODE
        return chat;
    }
}
