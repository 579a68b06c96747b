package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import org.junit.jupiter.api.Test;

class NettyPollTest extends PollContract {

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.netty(service, settings, 2, Runnable::run);
    }

    /** This server sees the end of a connection while it waits. */
    @Test
    void clientThatGoesAway_holdsNothing() throws Exception {
        sendAndGo("wait=25");
        awaitStreams(0);
    }
}
