package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two users of a host with a login, one after the other in the same browser, whose cookies stay. */
class TwoUsersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    private @Nullable ChatHttpServer server;

    /** Who is logged in: whoever the header {@code X-User} names. */
    private static Optional<Identity> user(@Nullable String name) {
        return Optional.ofNullable(name).map(known -> new Identity("user-" + known, known));
    }

    enum Server {
        JETTY,
        TOMCAT,
        NETTY;

        private ChatHttpServer open(EphemeralChatService service) {
            ChatHttpSettings settings = ChatHttpSettings.defaults();
            var hooks = RequestHooks.<HttpServletRequest>defaults()
                    .withIdentity(request -> user(request.getHeader("X-User")));
            return switch (this) {
                case JETTY -> ChatHttpServer.servlet(service, settings, hooks, Container::jetty);
                case TOMCAT -> ChatHttpServer.servlet(service, settings, hooks, Container::tomcat);
                case NETTY -> netty(service, settings);
            };
        }

        private static ChatHttpServer netty(EphemeralChatService service, ChatHttpSettings settings) {
            try {
                return new ChatHttpServer.OnNetty(NettyChatServer.builder(service)
                        .settings(settings)
                        .hooks(RequestHooks.<HttpRequest>defaults()
                                .withIdentity(request -> user(request.headers().get("X-User"))))
                        .start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        service.close();
    }

    private HttpResponse<String> send(String user, String method, String path, String body) throws Exception {
        URI uri = URI.create(Objects.requireNonNull(server).base() + path);
        var request = java.net.http.HttpRequest.newBuilder(uri)
                .header("X-User", user)
                .header("Content-Type", "application/json")
                .method(method, java.net.http.HttpRequest.BodyPublishers.ofString(body));
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode json(String user, String method, String path, String body, int status) throws Exception {
        HttpResponse<String> response = send(user, method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private void assertNoSeat(String user, String room) throws Exception {
        for (String path : new String[] {room, room + "/messages", room + "/events", room + "/events?wait=5"}) {
            json(user, "GET", path, "", 401);
        }
        json(user, "POST", room + "/messages", "{\"text\":\"as somebody else\"}", 401);
        json(user, "PUT", room + "/admission", "{\"locked\":true}", 401);
        json(user, "PUT", room + "/deadline", "{\"ttlSeconds\":600}", 401);
        json(user, "PUT", room + "/properties/topic", "{\"value\":\"tea\"}", 401);
        json(user, "DELETE", room + "/participants/me", "", 401);
        json(user, "DELETE", room, "", 401);
    }

    @ParameterizedTest
    @EnumSource
    void nextUser_isNobodyElse(Server which) throws Exception {
        server = which.open(service);
        JsonNode created = json("anna", "POST", "/rooms", "", 201);
        String room = "/rooms/" + created.at("/room/id").asText();
        String anna = created.at("/participant/id").asText();

        assertNoSeat("ben", room);
        String ben = json("ben", "POST", room + "/participants", "", 201)
                .at("/participant/id")
                .asText();
        assertThat(ben).isNotEqualTo(anna);
        assertThat(json("ben", "GET", room, "", 200).path("me").asText()).isEqualTo(ben);

        // The browser has Ben's cookie now; Anna comes back.
        assertThat(json("anna", "GET", room, "", 200).path("me").asText()).isEqualTo(anna);
        JsonNode posted = json("anna", "POST", room + "/messages", "{\"text\":\"I am back\"}", 201);
        assertThat(posted.at("/sender/id").asText()).isEqualTo(anna);
        assertThat(send("ben", "POST", room + "/events?wait=5", "").body()).contains("I am back");
        assertThat(send("ben", "DELETE", room + "/participants/me", "").statusCode())
                .isEqualTo(204);
        assertNoSeat("ben", room);
        assertThat(json("anna", "GET", room, "", 200).path("participants")).hasSize(1);
        assertThat(send("anna", "DELETE", room, "").statusCode()).isEqualTo(204);
    }
}
