package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.SseClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that are slow to ask hold up nobody else. Run with {@code -Pfull} for the full number of them. */
abstract class SlowRequestsContract {

    private static final boolean FULL = "full".equals(System.getProperty("test.rounds"));

    /** More than the threads of a container. */
    private static final int CLIENTS = FULL ? 500 : 210;

    private static final int SECONDS = FULL ? 45 : 3;
    private static final int SECONDS_BETWEEN_BYTES = 9;
    private static final int HELD_BYTES = 59_000;
    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(20);
    private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(30);

    private static final String HEAD = "POST /api/rooms/abcdefgh/participants HTTP/1.1\r\nHost: localhost\r\n";
    private static final String BODY = "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{";

    private final List<RawClient> slow = new ArrayList<>();
    private EphemeralChatService service;
    private ChatHttpServer server;

    abstract ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings);

    @BeforeEach
    void start() {
        service = EphemeralChatService.create(MemoryRoomStore.create());
        server = open(
                service, ChatHttpSettings.builder().rateLimits(RateLimits.off()).build());
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : slow) {
            client.close();
        }
        server.close();
        service.close();
    }

    private void open(String begun) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            slow.add(RawClient.to(server.base()).send(begun));
        }
    }

    /** Everybody sends another byte; the server may have closed the connection by now. */
    private void sendOneByteEach() {
        for (RawClient client : slow) {
            try {
                client.send(" ");
            } catch (IOException e) {
                // It has.
            }
        }
    }

    @Test
    void bodiesThatAreHeld_takeABoundedPartOfTheHeap() throws Exception {
        long share = Runtime.getRuntime().maxMemory() / 8;
        int fit = (int) (share / HELD_BYTES) + 1;
        Seat owner = ChatClient.of(server.base(), AT_ONCE).create(3);
        String begun = HEAD + BODY + " ".repeat(HELD_BYTES);
        for (int i = 0; i < fit + CLIENTS; i++) {
            slow.add(RawClient.to(server.base()).send(begun));
        }
        // Which ones do not fit depends on the order in which a server reads its connections.
        Await.until(
                REFUSED_WITHIN,
                "those that do not fit are refused",
                () -> refused().findAny().isPresent());
        for (RawClient client : refused().toList()) {
            assertThat(client.response()).startsWith("HTTP/1.1 503 ").contains("\"code\":\"unavailable\"");
        }
        assertThat(owner.post("somebody else's").status()).isEqualTo(201);
    }

    private Stream<RawClient> refused() {
        return slow.stream().filter(RawClient::hasResponse);
    }

    @Test
    void slowHeadsAndBodiesHoldUpNobody() throws Exception {
        Seat owner = ChatClient.of(server.base(), AT_ONCE).create(3);
        try (SseClient stream = owner.stream("", "")) {
            open(HEAD);
            open(HEAD + BODY);
            for (int second = 1; second <= SECONDS; second++) {
                ChatClient other = ChatClient.of(server.base(), AT_ONCE);
                assertThat(other.join(other.create().room()).look().status()).isEqualTo(200);
                assertThat(owner.post("second " + second).status()).isEqualTo(201);
                stream.await("message", "second " + second);
                if (second % SECONDS_BETWEEN_BYTES == 0) {
                    sendOneByteEach();
                }
                Thread.sleep(1_000);
            }
        }
    }

    @Test
    void aRequestHasThirtySecondsFromItsHeadToItsLastByte() throws Exception {
        try (RawClient client = RawClient.to(server.base())) {
            client.send(HEAD + BODY);
            long begun = System.nanoTime();
            Thread dripping = new Thread(() -> drip(client));
            dripping.start();
            client.waitAtMost(COMPLETE_WITHIN.plusSeconds(8));
            assertThat(client.rest()).matches("(?s)|HTTP/1.1 408.*\"code\".*");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(COMPLETE_WITHIN.minusSeconds(1), COMPLETE_WITHIN.plusSeconds(5));
            dripping.join();
        }
    }

    private static void drip(RawClient client) {
        try {
            for (int i = 0; i < 50; i++) {
                Thread.sleep(1_000);
                client.send(" ");
            }
        } catch (IOException | InterruptedException e) {
            // The connection is closed.
        }
    }
}
