package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** What the options do, seen from outside. */
class OptionsTest {

    private static final int MORE_WRONG_CODES_THAN_ALLOWED = 100;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void behindAProxyTheLastForwardedAddressIsTheClients() throws Exception {
        ServerOptions options = new ServerOptions("localhost", 0, true, 10, true, null, null);
        try (ChatServer server = ChatServer.start(options, MemoryRoomStore.create())) {
            for (int i = 0; i < MORE_WRONG_CODES_THAN_ALLOWED; i++) {
                tryCode(server, "198.51.100." + i + ", 203.0.113.1");
            }
            assertThat(tryCode(server, "198.51.100.200, 203.0.113.1")).isEqualTo(429);
            assertThat(tryCode(server, "203.0.113.1, 203.0.113.2")).isEqualTo(404);
            assertThat(tryCode(server, "")).isEqualTo(404);
        }
    }

    @Test
    void withoutAProxyNobodyChoosesTheirAddress() throws Exception {
        try (ChatServer server = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create())) {
            for (int i = 0; i < MORE_WRONG_CODES_THAN_ALLOWED; i++) {
                tryCode(server, "203.0.113." + i);
            }
            assertThat(tryCode(server, "203.0.113.200")).isEqualTo(429);
        }
    }

    @Test
    void withoutRateLimitsNobodyIsSlowedDown() throws Exception {
        ServerOptions options = ServerOptions.local(0).withRateLimits(false);
        try (ChatServer server = ChatServer.start(options, MemoryRoomStore.create())) {
            for (int i = 0; i < MORE_WRONG_CODES_THAN_ALLOWED; i++) {
                assertThat(tryCode(server, "203.0.113.1")).isEqualTo(404);
            }
        }
    }

    @Test
    void thePublicAddressIsInWhatClientsAreTold() throws Exception {
        URI site = URI.create("https://chat.example.org");
        ServerOptions options = new ServerOptions("localhost", 0, true, 10, true, site, null);
        try (ChatServer server = ChatServer.start(options, MemoryRoomStore.create())) {
            HttpResponse<String> created = post(server, "/api/rooms", "203.0.113.1");
            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(created.headers().firstValue("Location").orElseThrow()).startsWith(site + "/api/rooms/");
            assertThat(created.headers().firstValue("Set-Cookie").orElseThrow()).contains("Path=/api/rooms/", "Secure");
        }
    }

    private int tryCode(ChatServer server, String forwardedFor) throws Exception {
        return post(server, "/api/rooms/zzzzzzzz/participants", forwardedFor).statusCode();
    }

    private HttpResponse<String> post(ChatServer server, String path, String forwardedFor) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri().resolve(path)).POST(BodyPublishers.noBody());
        if (!forwardedFor.isEmpty()) {
            request.header("X-Forwarded-For", forwardedFor);
        }
        return client.send(request.build(), ofString());
    }
}
