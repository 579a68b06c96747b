package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

class JettyManyStreamsTest extends ManyStreamsContract {

    @Override
    Door open(EphemeralChatService service, ChatHttpSettings settings) {
        return Door.servlet(service, settings, Container::jetty);
    }
}
