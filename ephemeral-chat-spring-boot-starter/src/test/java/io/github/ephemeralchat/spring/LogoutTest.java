package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A login that ends takes its streams and seats with it; the actuator shows and destroys a room. */
class LogoutTest {

    /** By the promise it is 2 seconds; the machine may be busy. */
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private static ConfigurableApplicationContext application;

    /** What a host adds. */
    @Configuration(proxyBeanMethods = false)
    static class Logins {

        /** The host's own way to end a session. */
        @RestController
        static class Own {

            @GetMapping("/end")
            String end(HttpSession session) {
                session.invalidate();
                return "ended";
            }
        }
    }

    @BeforeAll
    static void start() {
        application = StarterContract.run(
                List.of(Containers.OnTomcat.class, Logins.class),
                "spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE,
                "management.endpoints.web.exposure.include=health,ephemeralchat");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static WebUser user() {
        return new WebUser(StarterContract.address(application));
    }

    private static void assertLeaves(String name, String password, Consumer<WebUser> end) {
        WebUser owner = user();
        String room = owner.post("/chat/rooms", "{}").text("id");
        WebUser user = user().logIn(name, password);
        assertThat(user.post("/chat/rooms/" + room + "/participants", "{}").body())
                .contains("\"name\":\"" + name + "\"");
        try (SseClient stream = user.stream(room);
                SseClient again = user.stream(room);
                SseClient others = owner.stream(room)) {
            stream.await("ready", "");
            again.await("ready", "");
            end.accept(user);
            Await.until(LIMIT, "the streams end", () -> stream.isEnded() && again.isEnded());
            others.await("left", "\"name\":\"" + name + "\"");
            assertThat(others.isEnded()).isFalse();
        }
        EphemeralChatService chat = application.getBean(EphemeralChatService.class);
        assertThat(chat.participants(new RoomId(room))).hasSize(1);
        assertThat(user.get("/chat/rooms/" + room).status()).isEqualTo(401);
    }

    @Test
    void logout_endsStreams_andFreesTheSeat() {
        assertLeaves("anna", "a", WebUser::logOut);
    }

    @Test
    void endOfASession_endsStreams_andFreesTheSeat() {
        assertLeaves("ben", "b", user -> assertThat(user.get("/end").status()).isEqualTo(200));
    }

    @Test
    void endpoint_hasFigures_andOneRoom_andNoList() {
        WebUser operator = user();
        Answer created = operator.post("/chat/rooms", "{\"name\":\"Anna\"}");
        String code = created.text("id");
        String path = "/actuator/ephemeralchat/" + code;
        Answer figures = operator.get("/actuator/ephemeralchat");
        assertThat(figures.status()).isEqualTo(200);
        assertThat(figures.body()).contains("\"rooms\"", "\"streams\"").doesNotContain(code);
        Answer room = operator.get(path);
        assertThat(room.text("participants")).isEqualTo("1");
        assertThat(room.text("expiresAt")).endsWith("Z");
        assertThat(room.body()).doesNotContain("Anna");
        assertThat(operator.get("/actuator/ephemeralchat/nothing!").status()).isEqualTo(404);
        ChatEndpoint endpoint = application.getBean(ChatEndpoint.class);
        assertThat(endpoint.destroy(code)).isEqualTo(new ChatEndpoint.Destroyed(true));
        assertThat(endpoint.destroy(code)).isEqualTo(new ChatEndpoint.Destroyed(false));
        assertThat(endpoint.destroy("nothing!")).isEqualTo(new ChatEndpoint.Destroyed(false));
        assertThat(operator.get(path).status()).isEqualTo(404);
    }

    @Test
    void endpoint_isNotExposedUnlessAsked() {
        try (ConfigurableApplicationContext other = StarterContract.run(
                List.of(Containers.OnTomcat.class),
                "spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE)) {
            WebUser operator = new WebUser(StarterContract.address(other));
            assertThat(operator.get("/actuator/ephemeralchat").status()).isNotEqualTo(200);
        }
    }
}
