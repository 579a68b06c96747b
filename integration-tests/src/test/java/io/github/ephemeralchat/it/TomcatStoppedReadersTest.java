package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TomcatStoppedReadersTest extends StoppedReadersContract {

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.servlet(service, settings, Container::tomcat);
    }

    @Test
    void othersAreAnsweredWhileManyAreCutOff() throws IOException {
        assertOthersAreAnsweredWhileManyAreCutOff(Container::tomcatWithFewThreads);
    }
}
