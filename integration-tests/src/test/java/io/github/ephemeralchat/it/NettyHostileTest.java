package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

class NettyHostileTest extends HostileContract {

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.netty(service, settings, 1, Runnable::run);
    }
}
