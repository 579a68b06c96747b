package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class UndertowStoppedReadersTest extends StoppedReadersContract {

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.servlet(service, settings, Container::undertowInHaste);
    }

    @Test
    void othersAreAnsweredWhileManyAreCutOff() throws IOException {
        assertOthersAreAnsweredWhileManyAreCutOff(Container::undertowWithFewThreads);
    }
}
