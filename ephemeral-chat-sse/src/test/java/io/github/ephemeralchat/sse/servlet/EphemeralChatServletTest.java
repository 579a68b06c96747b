package io.github.ephemeralchat.sse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The servlet translates requests and responses as they are, wherever it is mounted. */
class EphemeralChatServletTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final BodyPublisher NOTHING = BodyPublishers.noBody();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private final Server server = new Server(0);
    private String mount = "";

    @AfterEach
    void stop() throws Exception {
        server.stop();
        service.close();
    }

    private void start(String context, String mapping) throws Exception {
        RequestHooks<HttpServletRequest> hooks = RequestHooks.<HttpServletRequest>defaults()
                .withIdentity(request -> Optional.ofNullable(request.getHeader("X-User"))
                        .map(user -> new Identity("user-" + user, user)))
                .withMayCreate(request -> !"guest".equals(request.getHeader("X-User")))
                .withClientAddress(EphemeralChatServletTest::address);
        ServletContextHandler handler = new ServletContextHandler(context);
        ServletHolder holder = new ServletHolder(new EphemeralChatServlet(service, ChatHttpSettings.defaults(), hooks));
        holder.setAsyncSupported(true);
        handler.addServlet(holder, mapping);
        server.setHandler(handler);
        server.start();
        mount = server.getURI().toString().replaceAll("/$", "")
                + mapping.replace("/*", "").replaceAll("/$", "");
    }

    private static String address(HttpServletRequest request) {
        if (request.getHeader("X-Broken") != null) {
            throw new IllegalStateException("a test");
        }
        return request.getRemoteAddr();
    }

    private HttpRequest.Builder request(String method, String target, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(mount + target)).method(method, body);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).startsWith("no-store");
        return response;
    }

    private HttpResponse<String> send(String method, String target) throws Exception {
        return send(request(method, target, NOTHING));
    }

    @ParameterizedTest
    @CsvSource({"/,/api/*,/api", "/,/*,''", "/,/,''", "/chat,/api/*,/chat/api", "/chat,/,/chat"})
    void knowsItsMount(String context, String mapping, String base) throws Exception {
        start(context, mapping);
        HttpResponse<String> created = send("POST", "/rooms");
        assertThat(created.statusCode()).isEqualTo(201);
        JsonNode seat = JSON.readTree(created.body());
        String path = base + "/rooms/" + seat.at("/room/id").asText();
        assertThat(created.headers().firstValue("Location")).hasValue(path);
        String cookie = created.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("; Path=" + path + ";");
        HttpResponse<String> shown = client.send(
                HttpRequest.newBuilder(server.getURI().resolve(path))
                        .header("Cookie", cookie.substring(0, cookie.indexOf(';')))
                        .build(),
                BodyHandlers.ofString());
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(send("GET", "/openapi.yaml").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void writesHeadersAndBodiesAsTheyAre() throws Exception {
        start("/", "/api/*");
        HttpResponse<String> created = send(request("POST", "/rooms", BodyPublishers.ofString("{\"name\":\"Zoë\"}"))
                .header("Content-Type", "application/json"));
        assertThat(JSON.readTree(created.body()).at("/participant/name").asText())
                .isEqualTo("Zoë");
        assertThat(created.headers().firstValue("Content-Type")).hasValue("application/json");
        HttpResponse<String> refused = send("GET", "/rooms/abcdefgh?token=x");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(send("PUT", "/rooms").headers().firstValue("Allow")).hasValue("POST, OPTIONS");
        assertThat(send("GET", "/openapi.yaml").headers().firstValue("Content-Type"))
                .hasValue("application/yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "TRACE", "PATCH", "BREW"})
    void noMethodIsAnsweredByTheContainer(String method) throws Exception {
        start("/", "/api/*");
        HttpResponse<String> response = send(method, "/rooms");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST, OPTIONS");
    }

    @Test
    void head_isTheHeadOfTheAnswerToGet() throws Exception {
        start("/", "/api/*");
        HttpResponse<String> get = send("GET", "/openapi.yaml");
        HttpResponse<String> head = send("HEAD", "/openapi.yaml");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(get.headers().firstValue("Content-Length"));
        assertThat(send("OPTIONS", "/openapi.yaml").headers().firstValue("Allow"))
                .hasValue("GET, HEAD, OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(ints = {ApiRequest.MAX_BODY_BYTES + 1, 300_000, 1_000_000})
    void aBodyThatIsTooLargeIsCutOffWhetherOrNotItSaysSo(int size) throws Exception {
        start("/", "/api/*");
        byte[] large = new byte[size];
        for (BodyPublisher body : new BodyPublisher[] {
            BodyPublishers.ofByteArray(large), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))
        }) {
            HttpResponse<String> response =
                    send(request("POST", "/rooms", body).header("Content-Type", "application/json"));
            assertThat(response.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void aChunkedBodyIsRead() throws Exception {
        start("/", "/api/*");
        BodyPublisher body = BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream("{\"ttlMinutes\":0}".getBytes(StandardCharsets.UTF_8)));
        assertThat(send(request("POST", "/rooms", body).header("Content-Type", "application/json"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aFormInTheBodyIsNotTakenForParameters() throws Exception {
        start("/", "/api/*");
        BodyPublisher form = BodyPublishers.ofString("text=hi");
        assertThat(send(request("POST", "/rooms", form).header("Content-Type", "application/x-www-form-urlencoded"))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void asksTheHost() throws Exception {
        start("/", "/api/*");
        HttpResponse<String> alice = send(request("POST", "/rooms", NOTHING).header("X-User", "Alice"));
        assertThat(JSON.readTree(alice.body()).at("/participant/name").asText()).isEqualTo("Alice");
        assertThat(send(request("POST", "/rooms", NOTHING).header("X-User", "guest"))
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> broken = send(request("POST", "/rooms", NOTHING).header("X-Broken", "1"));
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).contains("\"internal\"").doesNotContain("IllegalState");
    }

    @Test
    void opensAStream() throws Exception {
        start("/", "/api/*");
        JsonNode seat = JSON.readTree(send("POST", "/rooms").body());
        String room = "/rooms/" + seat.at("/room/id").asText();
        HttpRequest.Builder events = request("GET", room + "/events", NOTHING)
                .header("Authorization", "Bearer " + seat.path("token").asText());
        try (var lines =
                client.send(events.build(), BodyHandlers.ofInputStream()).body()) {
            assertThat(new String(lines.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo(": open");
        }
    }
}
