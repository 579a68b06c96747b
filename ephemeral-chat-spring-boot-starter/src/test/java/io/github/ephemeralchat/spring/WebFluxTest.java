package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.io.ByteArrayOutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The block of docs/HOSTS.md for WebFlux, in an application on it. */
class WebFluxTest {

    private static final String IMPORTS = """
            import io.github.ephemeralchat.EphemeralChatService;
            import io.github.ephemeralchat.netty.NettyChatServer;
            import io.github.ephemeralchat.sse.ChatHttpSettings;
            import java.io.IOException;
            import java.util.Set;
            import org.springframework.beans.factory.annotation.Value;
            import org.springframework.context.annotation.*;
            """;

    private static final String NO_SECURITY = ",org.springframework.boot.security.autoconfigure.web.reactive."
            + "ReactiveWebSecurityAutoConfiguration,org.springframework.boot.security.autoconfigure.actuate.web.reactive."
            + "ReactiveManagementWebSecurityAutoConfiguration";

    @TempDir
    private Path directory;

    /** A host with a page of its own. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Host {

        private final EphemeralChatService chat;

        Host(EphemeralChatService chat) {
            this.chat = chat;
        }

        @GetMapping("/own")
        Mono<String> own() {
            return Mono.just("own, beside " + chat);
        }
    }

    private Class<?> documented() throws Exception {
        Path page = Path.of(System.getProperty("project.root"), "docs", "HOSTS.md");
        Matcher block = Pattern.compile("WebFluxTest.java -->\n```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page));
        assertThat(block.find()).isTrue();
        Path source = directory.resolve("ChatConfiguration.java");
        Files.writeString(source, IMPORTS + block.group(1));
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, errors, "-parameters", "-proc:none", source.toString());
        assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}).loadClass("ChatConfiguration");
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nettyServer_runsBesideWebFlux_overTheStartersRooms() throws Exception {
        int port = freePort();
        ConfigurableApplicationContext application = new SpringApplicationBuilder(Host.class, documented())
                .web(WebApplicationType.REACTIVE)
                .properties(
                        "server.port=0",
                        "chat.port=" + port,
                        "spring.main.banner-mode=off",
                        "logging.level.root=warn",
                        "spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE + NO_SECURITY)
                .run();
        assertThat(new WebUser(StarterContract.address(application)).get("/own").body())
                .isEqualTo("own, beside " + application.getBean(EphemeralChatService.class));

        WebUser guest = new WebUser(URI.create("http://localhost:" + port));
        Answer created = guest.post("/chat/rooms", "{}", "Origin", "http://localhost:8080");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers().get("access-control-allow-origin")).containsExactly("http://localhost:8080");
        try (SseClient stream = guest.stream(created.text("id"))) {
            stream.await("ready", "");
            application.close();
            stream.awaitEnd(Duration.ofSeconds(5));
            assertThat(stream.events("retry"))
                    .as("the second says when to come back")
                    .hasSize(2);
        }
    }
}
