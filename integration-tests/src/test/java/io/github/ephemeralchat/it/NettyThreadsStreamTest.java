package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/** As for rooms elsewhere: requests on threads that may wait, and the streams of a room on several event loops. */
class NettyThreadsStreamTest extends StreamContract {

    private final ExecutorService requests = Executors.newCachedThreadPool();

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.netty(service, settings, 3, requests);
    }

    @AfterEach
    void endRequests() {
        requests.shutdown();
    }
}
