package io.github.ephemeralchat.boot35;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.SseClient;
import io.lettuce.core.LettuceVersion;
import io.lettuce.core.RedisURI;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The last block of docs/SPRING-BOOT.md in an application on Boot 3.5, with Boot's own versions of everything. */
class Boot35Test {

    private static final String IMPORTS = """
            import io.github.ephemeralchat.EphemeralChatService;
            import io.github.ephemeralchat.memory.MemoryRoomStore;
            import io.github.ephemeralchat.sse.*;
            import io.github.ephemeralchat.sse.servlet.*;
            import org.springframework.boot.web.servlet.ServletRegistrationBean;
            import org.springframework.context.ApplicationListener;
            import org.springframework.context.annotation.*;
            import org.springframework.context.event.ContextClosedEvent;
            """;

    @TempDir
    private Path directory;

    /** A host of its own. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {}

    /** The documented mount, and Redis in place of its store. */
    @Configuration(proxyBeanMethods = false)
    static class InRedis {

        @Bean
        RedisChat redis(RedisProcess server) {
            return RedisChat.connect(RedisURI.create(server.address()));
        }

        @Bean
        EphemeralChatService chat(RedisChat redis) {
            return EphemeralChatService.create(redis.store(), redis.broadcaster());
        }
    }

    private Class<?> documented() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("project.root"), "docs", "SPRING-BOOT.md"));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        Path source = directory.resolve("ChatConfiguration.java");
        Files.writeString(source, IMPORTS + blocks.get(blocks.size() - 1));
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, errors, "-parameters", "-proc:none", source.toString());
        assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}).loadClass("ChatConfiguration");
    }

    @Test
    void theDocumentedBlockServesRoomsAndLetsTheApplicationGo() throws Exception {
        assertTalks(new SpringApplicationBuilder(Host.class, documented()));
    }

    @Test
    void roomsMayBeInRedisWithTheLettuceOfThisBoot() throws Exception {
        assertThat(LettuceVersion.getVersion()).startsWith("6.6.");
        try (RedisProcess server = RedisProcess.start()) {
            assertTalks(new SpringApplicationBuilder(Host.class, documented(), InRedis.class)
                    .properties("spring.main.allow-bean-definition-overriding=true")
                    .initializers(context -> context.getBeanFactory().registerSingleton("server", server)));
        }
    }

    /** What an application without the starter has; here it is on the class path of all. */
    private static String withoutStarter() throws IOException {
        String imports = "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";
        StringJoiner excluded = new StringJoiner(",", "spring.autoconfigure.exclude=", "");
        for (URL file : Collections.list(Boot35Test.class.getClassLoader().getResources(imports))) {
            try (InputStream in = file.openStream()) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(name -> name.startsWith("io.github.ephemeralchat."))
                        .forEach(excluded::add);
            }
        }
        return excluded.toString();
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void theStarterIsRefused_andSaysWhatToDo(CapturedOutput output) {
        SpringApplication host = new SpringApplicationBuilder(Host.class)
                .properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn")
                .build();
        assertThatThrownBy(host::run).isInstanceOf(Exception.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "is for Spring Boot 4; this application is on 3.5.")
                .contains("ephemeral-chat-sse", "docs/SPRING-BOOT.md");
    }

    private void assertTalks(SpringApplicationBuilder application) throws Exception {
        assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
        ConfigurableApplicationContext context = application
                .properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn", withoutStarter())
                .run();
        URI base =
                URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + "/chat");
        Seat seat = ChatClient.of(base).create();
        SseClient stream = seat.stream("", "");
        assertThat(stream.status()).isEqualTo(200);
        assertThat(seat.post("hello").status()).isEqualTo(201);
        stream.await("message", "hello");
        long begin = System.nanoTime();
        context.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        stream.awaitEnd(Duration.ofSeconds(2));
    }
}
