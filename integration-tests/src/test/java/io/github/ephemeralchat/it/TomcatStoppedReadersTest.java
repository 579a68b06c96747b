package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.benchmarks.servers.KernelSockets;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TomcatStoppedReadersTest extends StoppedReadersContract {

    private static final int MANY = 40;
    private static final Duration GIVEN_UP_WITHIN = Duration.ofSeconds(30);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(2);

    @Override
    ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings) {
        return ChatHttpServer.servlet(service, settings, Container::tomcat);
    }

    /** It may hold a thread for each reader that is cut off; here are more of them than it has threads. */
    @Test
    void othersAreAnsweredWhileManyAreCutOff() throws IOException {
        assumeTrue(KernelSockets.areKnown(), "only Linux tells which connections a server holds");
        ChatHttpSettings settings = ChatHttpSettings.builder()
                .rateLimits(RateLimits.off())
                .maxStreamsPerAddress(2 * MANY)
                .maxStreamsPerParticipant(2 * MANY)
                .build();
        List<Socket> readers = new ArrayList<>();
        try (EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
                ChatHttpServer server = ChatHttpServer.servlet(service, settings, Container::tomcatWithFewThreads)) {
            ChatClient client = ChatClient.of(server.base());
            Seat owner = client.create(2);
            Seat other = client.create(2);
            for (int i = 0; i < MANY; i++) {
                readers.add(owner.stalledStream());
            }
            for (int i = 0; i < 10; i++) {
                assertThat(owner.post(BIG).status()).isEqualTo(201);
            }
            owner.destroy();
            int port = server.base().getPort();
            Await.until(GIVEN_UP_WITHIN, "only the client's connections are held", () -> {
                assertIsAnswered(other);
                return KernelSockets.heldBy(port) <= 2;
            });
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
    }

    private static void assertIsAnswered(Seat seat) {
        long begun = System.nanoTime();
        assertThat(seat.look().status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWERED_WITHIN);
    }
}
