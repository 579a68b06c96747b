package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

/** The same walk through Undertow. */
class UndertowContractWalkTest extends ContractWalkTest {

    @Override
    ChatHttpServer open(EphemeralChatService chat, ChatHttpSettings settings) {
        return ChatHttpServer.servlet(chat, settings, Container::undertow);
    }
}
