package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

/** As for rooms in memory: requests and streams on one event loop. */
class NettyStreamTest extends StreamContract {

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.netty(service, settings, 1, Runnable::run);
    }
}
