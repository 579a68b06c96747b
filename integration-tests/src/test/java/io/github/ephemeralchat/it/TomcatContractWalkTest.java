package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

/** The same walk through Tomcat. */
class TomcatContractWalkTest extends ContractWalkTest {

    @Override
    Door open(EphemeralChatService chat, ChatHttpSettings settings) {
        return Door.servlet(chat, settings, Container::tomcat);
    }
}
