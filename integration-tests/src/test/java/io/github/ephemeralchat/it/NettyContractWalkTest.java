package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

/** The same walk through Netty. */
class NettyContractWalkTest extends ContractWalkTest {

    @Override
    ChatHttpServer open(EphemeralChatService chat, ChatHttpSettings settings) {
        return ChatHttpServer.netty(chat, settings, 1, Runnable::run);
    }
}
