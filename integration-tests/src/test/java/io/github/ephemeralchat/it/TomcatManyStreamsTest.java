package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

class TomcatManyStreamsTest extends ManyStreamsContract {

    @Override
    Door open(EphemeralChatService service, ChatHttpSettings settings) {
        return Door.servlet(service, settings, Container::tomcat);
    }
}
