package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

/** The same walk through Netty. */
class NettyContractWalkTest extends ContractWalkTest {

    @Override
    Door open(EphemeralChatService chat, ChatHttpSettings settings) {
        return Door.netty(chat, settings, 1, Runnable::run);
    }
}
