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
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Soon after a room's end a server holds no connection of its readers, though they have stopped reading. */
abstract class StoppedReadersContract {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int READERS = 8;
    private static final int MANY = 40;
    private static final Duration GIVEN_UP_WITHIN = Duration.ofSeconds(30);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(2);
    static final String BIG = "\uD83D\uDE80".repeat(4000);

    private final List<Socket> readers = new ArrayList<>();
    EphemeralChatService service;
    private ChatHttpServer server;

    abstract ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings);

    @BeforeEach
    void start() {
        service = EphemeralChatService.create(MemoryRoomStore.create());
        server = open(service, unlimited());
    }

    static ChatHttpSettings unlimited() {
        return ChatHttpSettings.builder()
                .rateLimits(RateLimits.off())
                .maxStreamsPerAddress(2 * MANY)
                .maxStreamsPerParticipant(2 * MANY)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket reader : readers) {
            reader.close();
        }
        server.close();
        service.close();
    }

    /** What a few messages are the kernel takes for a reader; many more wait in the server. */
    @ParameterizedTest
    @ValueSource(ints = {12, 300})
    void aReaderThatStopsHoldsNoConnectionAfterTheRoomsEnd(int messages) throws IOException {
        assumeTrue(KernelSockets.areKnown(), "only Linux tells which connections a server holds");
        int port = server.base().getPort();
        Seat owner = ChatClient.of(server.base()).create(3);
        for (int i = 0; i < READERS; i++) {
            readers.add(owner.stalledStream());
        }
        for (int i = 0; i < messages; i++) {
            assertThat(owner.post(BIG).status()).isEqualTo(201);
        }
        assertThat(KernelSockets.heldBy(port)).isGreaterThan(READERS);
        owner.destroy();
        Await.until(SOON, "only the owner's connection is held", () -> KernelSockets.heldBy(port) <= 1);
        assertThat(readers).noneMatch(Socket::isClosed);
    }

    /** For a container that may hold a thread for each reader that is cut off: here are more of them than it has threads. */
    void assertOthersAreAnsweredWhileManyAreCutOff(Function<Servlet, Container> withFewThreads) throws IOException {
        assumeTrue(KernelSockets.areKnown(), "only Linux tells which connections a server holds");
        try (ChatHttpServer container = ChatHttpServer.servlet(service, unlimited(), withFewThreads)) {
            ChatClient client = ChatClient.of(container.base());
            Seat owner = client.create(2);
            Seat other = client.create(2);
            for (int i = 0; i < MANY; i++) {
                readers.add(owner.stalledStream());
            }
            for (int i = 0; i < 10; i++) {
                assertThat(owner.post(BIG).status()).isEqualTo(201);
            }
            owner.destroy();
            int port = container.base().getPort();
            Await.until(GIVEN_UP_WITHIN, "only the client's connections are held", () -> {
                assertIsAnswered(other);
                return KernelSockets.heldBy(port) <= 2;
            });
        }
    }

    private static void assertIsAnswered(Seat seat) {
        long begun = System.nanoTime();
        assertThat(seat.look().status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWERED_WITHIN);
    }
}
