package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The API goes by what the host's web server knows and has: a proxy's headers, connections. */
@ExtendWith(OutputCaptureExtension.class)
class WebServerTest {

    private static ConfigurableApplicationContext run(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE);
        return StarterContract.run(List.of(Containers.OnTomcat.class), all.toArray(String[]::new));
    }

    @Test
    void prefixAndSchemeOfAProxy_areInCookieAndLocation() {
        try (ConfigurableApplicationContext application = run("server.forward-headers-strategy=framework")) {
            Answer created = new WebUser(StarterContract.address(application))
                    .post(
                            "/chat/rooms",
                            "{}",
                            "X-Forwarded-Prefix",
                            "/shop",
                            "X-Forwarded-Proto",
                            "https",
                            "X-Forwarded-Host",
                            "shop.example.org");
            String room = "/shop/chat/rooms/" + created.text("id");
            assertThat(created.header("Location")).isEqualTo(room);
            assertThat(created.header("Set-Cookie")).contains("; Path=" + room + ";", "; Secure");
        }
    }

    @Test
    void log_saysWhereTheApiIs_beforeTheFirstRequest(CapturedOutput output) {
        try (ConfigurableApplicationContext application = run("logging.level.io.github.ephemeralchat=info")) {
            assertThat(application.isRunning()).isTrue();
            assertThat(output).containsOnlyOnce("Chat API at /chat/*");
        }
    }

    @Test
    void fewConnections_areNotAllStreams(CapturedOutput output) {
        try (ConfigurableApplicationContext application =
                run("server.tomcat.max-connections=20", "ephemeral-chat.streams.max=100")) {
            assertThat(output).contains("This node has 15 streams at most, not 100: the web server has 20 connections");
            List<SseClient> streams = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                WebUser guest = new WebUser(StarterContract.address(application));
                streams.add(guest.stream(guest.post("/chat/rooms", "{}").text("id")));
            }
            WebUser next = new WebUser(StarterContract.address(application));
            String room = next.post("/chat/rooms", "{}").text("id");
            assertThat(next.get("/chat/rooms/" + room + "/events").status()).isEqualTo(429);
            assertThat(next.get("/actuator/health").status()).isEqualTo(200);
            streams.forEach(SseClient::close);
        }
    }
}
