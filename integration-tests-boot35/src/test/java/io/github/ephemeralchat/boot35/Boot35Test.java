package io.github.ephemeralchat.boot35;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.LettuceVersion;
import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import redis.embedded.RedisExecProvider;

/** The last block of docs/SPRING-BOOT.md in an application on Boot 3.5, with Boot's own versions of everything. */
class Boot35Test {

    private static final String IMPORTS = """
            import io.github.ephemeralchat.EphemeralChatService;
            import io.github.ephemeralchat.memory.MemoryRoomStore;
            import io.github.ephemeralchat.sse.*;
            import org.springframework.boot.web.servlet.ServletRegistrationBean;
            import org.springframework.context.ApplicationListener;
            import org.springframework.context.annotation.*;
            import org.springframework.context.event.ContextClosedEvent;
            """;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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
        RedisChat redis(TestRedis server) {
            return RedisChat.connect(RedisURI.create("redis://127.0.0.1:" + server.port()));
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
        try (TestRedis server = TestRedis.start()) {
            assertTalks(new SpringApplicationBuilder(Host.class, documented(), InRedis.class)
                    .properties("spring.main.allow-bean-definition-overriding=true")
                    .initializers(context -> context.getBeanFactory().registerSingleton("server", server)));
        }
    }

    private void assertTalks(SpringApplicationBuilder application) throws Exception {
        assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
        ConfigurableApplicationContext context = application
                .properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn")
                .run();
        String base = "http://localhost:" + context.getEnvironment().getProperty("local.server.port") + "/chat/rooms";
        String created = post(base, "", "{}");
        String room = base + "/" + text(created, "id");
        String token = text(created, "token");
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread reader = read(room + "/events", token, lines);
        post(room + "/messages", token, "{\"text\":\"hello\"}");
        Await.until(
                Duration.ofSeconds(10), "the message", () -> lines.stream().anyMatch(line -> line.contains("hello")));
        long begin = System.nanoTime();
        context.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        reader.join(2000);
        assertThat(reader.isAlive()).as("the stream").isFalse();
    }

    private HttpRequest.Builder request(String uri, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private String post(String uri, String token, String json) throws Exception {
        HttpRequest request = request(uri, token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(201);
        return response.body();
    }

    private Thread read(String uri, String token, List<String> lines) throws Exception {
        HttpResponse<InputStream> response = http.send(request(uri, token).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        Thread reader = new Thread(() -> {
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException e) {
                // Over.
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private static String text(String json, String member) {
        return Pattern.compile("\"" + member + "\":\"([^\"]+)\"")
                .matcher(json)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    /** A server: the machine's own, else the one that comes with the tests. */
    record TestRedis(Process process, int port) implements AutoCloseable {

        static TestRedis start() throws IOException {
            int port;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
            File installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                    .map(folder -> new File(folder, "redis-server"))
                    .filter(File::canExecute)
                    .findFirst()
                    .orElse(null);
            File program =
                    installed == null ? RedisExecProvider.defaultProvider().get() : installed;
            Process process = new ProcessBuilder(
                            program.getPath(), "--port", "" + port, "--bind", "127.0.0.1", "--save", "")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            TestRedis server = new TestRedis(process, port);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            Await.until(Duration.ofSeconds(10), "Redis listens", server::isListening);
            return server;
        }

        private boolean isListening() {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
