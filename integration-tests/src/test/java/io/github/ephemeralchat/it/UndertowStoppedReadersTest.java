package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UndertowStoppedReadersTest extends StoppedReadersContract {

    private static final Duration CUT_OFF = Duration.ofSeconds(8);

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.servlet(service, settings, Container::undertowInHaste);
    }

    /** Undertow lets nobody end a response that somebody is slow to take; it is complete all the same. */
    @Test
    void aReaderThatReadsOnLater_comesToTheEnd() throws IOException {
        try (ChatHttpServer patient = ChatHttpServer.servlet(service, unlimited(), Container::undertow)) {
            Seat owner = ChatClient.of(patient.base()).create(2);
            try (Socket reader = owner.stalledStream()) {
                for (int i = 0; i < 300; i++) {
                    assertThat(owner.post(BIG).status()).isEqualTo(201);
                }
                owner.destroy();
                Await.until(CUT_OFF, "the reader is cut off", () -> patient.streamCount() == 0);
                reader.setSoTimeout((int) CUT_OFF.toMillis());
                assertThat(reader.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }

    @Test
    void othersAreAnsweredWhileManyAreCutOff() throws IOException {
        assertOthersAreAnsweredWhileManyAreCutOff(Container::undertowWithFewThreads);
    }
}
