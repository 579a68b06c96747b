package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client that gets no streams sees of events, the same through every server. */
abstract class PollContract {

    static final Duration SOON = Duration.ofSeconds(15);

    /** More than a container has threads. */
    private static final int MANY = 300;

    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ChatHttpServer server;
    private Seat owner;

    abstract ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings);

    @BeforeEach
    void start() {
        server = open(
                service,
                ChatHttpSettings.builder()
                        .rateLimits(RateLimits.off())
                        .maxStreamsPerParticipant(2 * MANY)
                        .build());
        owner = ChatClient.of(server.base()).create(5);
    }

    @AfterEach
    void stop() {
        server.close();
        service.close();
    }

    private String events(String query) {
        return "/rooms/" + owner.room() + "/events?" + query;
    }

    private CompletableFuture<HttpResponse<String>> poll(String method, String query) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.base() + events(query)))
                .header("Authorization", "Bearer " + owner.token())
                .method(method, BodyPublishers.noBody())
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(CompletableFuture<HttpResponse<String>> response) throws Exception {
        return response.get(SOON.toSeconds() * 2, TimeUnit.SECONDS);
    }

    private static void assertWhole(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.headers().firstValueAsLong("Content-Length"))
                .hasValue(response.body().getBytes(StandardCharsets.UTF_8).length);
    }

    void awaitStreams(int count) {
        Await.until(SOON, count + " streams", () -> server.streamCount() == count);
    }

    @Test
    void whatIsThere_comesAtOnceAndWhole() throws Exception {
        owner.post("gr\u00fc\u00df dich");
        for (String method : List.of("GET", "POST")) {
            HttpResponse<String> response = get(poll(method, "wait=25"));
            assertWhole(response);
            assertThat(response.body())
                    .containsSubsequence("event: joined", "event: message", "gr\u00fc\u00df dich", "event: ready");
        }
        awaitStreams(0);
    }

    @Test
    void whatComes_endsTheWaiting_andTheConnectionGoesOn() throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<HttpResponse<String>> response = poll("GET", "wait=25&from=now");
            awaitStreams(1);
            assertThat(response).isNotDone();
            owner.post("news " + i);
            assertWhole(get(response));
            assertThat(get(response).body()).contains("news " + i);
            awaitStreams(0);
        }
    }

    @Test
    void silence_isAnsweredAfterTheWait() throws Exception {
        long begin = System.nanoTime();
        HttpResponse<String> response = get(poll("GET", "wait=1&from=now"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertWhole(response);
        assertThat(response.body()).contains("event: ready").doesNotContain("event: message");
    }

    @Test
    void end_isTold() throws Exception {
        CompletableFuture<HttpResponse<String>> response = poll("POST", "wait=25&from=now");
        awaitStreams(1);
        owner.destroy();
        assertThat(get(response).body()).endsWith("event: destroyed\ndata: {\"reason\":\"destroyed\"}\n\n");
    }

    @Test
    void manyThatWait_holdNoThread() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            all.add(poll("GET", "wait=25&from=now"));
        }
        awaitStreams(MANY);
        assertThat(owner.post("for all").status()).isEqualTo(201);
        for (CompletableFuture<HttpResponse<String>> one : all) {
            assertThat(get(one).body()).contains("for all");
        }
        awaitStreams(0);
    }

    @Test
    void clientThatGoesAway_holdsNothingAfterTheWait() throws Exception {
        sendAndGo("wait=3");
        awaitStreams(0);
    }

    /** Sends a poll, and closes the connection once the server waits. */
    void sendAndGo(String query) throws IOException {
        try (Socket socket = new Socket(server.base().getHost(), server.base().getPort())) {
            String request = "GET " + server.base().getPath() + events(query + "&from=now") + " HTTP/1.1\r\nHost: x\r\n"
                    + "Authorization: Bearer " + owner.token() + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            awaitStreams(1);
        }
    }

    @Test
    void serverThatGoesAway_answers() throws Exception {
        CompletableFuture<HttpResponse<String>> response = poll("GET", "wait=25&from=now");
        awaitStreams(1);
        Thread.sleep(200); // The stream is there a moment before its response is waited for.
        server.endStreams();
        assertThat(get(response).body()).contains("event: ready", "retry: ");
    }
}
