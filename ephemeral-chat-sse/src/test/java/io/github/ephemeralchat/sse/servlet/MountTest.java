package io.github.ephemeralchat.sse.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How hosts mount the servlet: made by the container, behind filters of theirs, without asynchronous responses. */
class MountTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private final ServletContextHandler application = new ServletContextHandler("/shop");
    private final Server server = new Server(0);

    @AfterEach
    void stop() throws Exception {
        server.stop();
        service.close();
    }

    private void start(ServletHolder servlet) throws Exception {
        servlet.setName("chat");
        servlet.setAsyncSupported(true);
        servlet.setInitOrder(0);
        application.addServlet(servlet, "/chat/*");
        server.setHandler(application);
        server.start();
    }

    private void attribute(Class<?> type, Object value) {
        application.setAttribute(type.getName(), value);
    }

    private HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.getURI() + path).normalize())
                .method(method, BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void aContainerMakesTheServlet() throws Exception {
        attribute(EphemeralChatService.class, service);
        attribute(
                ChatHttpSettings.class,
                ChatHttpSettings.builder().maxTtl(Duration.ofMinutes(5)).build());
        attribute(
                RequestHooks.class,
                RequestHooks.<HttpServletRequest>defaults()
                        .withIdentity(request -> Optional.of(new Identity("user-anna", "Anna"))));
        start(new ServletHolder(EphemeralChatServlet.class));

        JsonNode seat = JSON.readTree(send("POST", "/chat/rooms").body());

        assertThat(seat.at("/participant/name").asText()).isEqualTo("Anna");
        Instant end = Instant.parse(seat.at("/room/expiresAt").asText());
        assertThat(Duration.between(Instant.now(), end)).isLessThanOrEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aContainerMakesTheServlet_withoutSettings() throws Exception {
        attribute(EphemeralChatService.class, service);
        start(new ServletHolder(EphemeralChatServlet.class));
        assertThat(send("POST", "/chat/rooms").statusCode()).isEqualTo(201);
    }

    @Test
    void withoutAService_saysWhatIsMissing() {
        assertThatThrownBy(() -> start(new ServletHolder(EphemeralChatServlet.class)))
                .isInstanceOf(ServletException.class)
                .hasMessageContaining("no attribute " + EphemeralChatService.class.getName());
    }

    @Test
    void saysWhatIsMountedWhere() throws Exception {
        try (Lines logs = new Lines()) {
            start(new ServletHolder(new EphemeralChatServlet(service, ChatHttpSettings.defaults())));
            assertThat(logs.lines)
                    .containsOnlyOnce(
                            "Chat API at /shop/chat/*: EphemeralChatService[MemoryRoomStore], anonymous participants");
        }
    }

    /** As Spring's filter for the header X-Forwarded-Prefix wraps a request. */
    @Test
    void aFilterKnowsOfAPrefix_cookieAndLocationHaveIt() throws Exception {
        Filter prefix = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public String getContextPath() {
                        return "/public";
                    }

                    @Override
                    public String getRequestURI() {
                        return super.getRequestURI().replaceFirst("^/shop", "/public");
                    }
                },
                response);
        FilterHolder holder = new FilterHolder(prefix);
        holder.setAsyncSupported(true);
        application.addFilter(holder, "/*", null);
        start(new ServletHolder(new EphemeralChatServlet(service, ChatHttpSettings.defaults())));

        HttpResponse<String> created = send("POST", "/chat/rooms");

        String room = "/public/chat/rooms/"
                + JSON.readTree(created.body()).at("/room/id").asText();
        assertThat(created.headers().firstValue("Location")).hasValue(room);
        assertThat(created.headers().firstValue("Set-Cookie").orElseThrow()).contains("; Path=" + room + ";");
    }

    @Test
    void behindAFilterWithoutAsynchronousResponses_streamsAreProblems_andTheLogSaysWhy() throws Exception {
        try (Lines logs = new Lines()) {
            FilterHolder login = new FilterHolder((request, response, chain) -> chain.doFilter(request, response));
            login.setAsyncSupported(false);
            application.addFilter(login, "/*", null);
            start(new ServletHolder(new EphemeralChatServlet(service, ChatHttpSettings.defaults())));
            JsonNode seat = JSON.readTree(send("POST", "/chat/rooms").body());
            String events = "/chat/rooms/" + seat.at("/room/id").asText() + "/events";
            String token = "Bearer " + seat.path("token").asText();

            HttpResponse<String> stream = send("GET", events, "Authorization", token);

            assertThat(stream.statusCode()).isEqualTo(500);
            assertThat(stream.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(logs.lines)
                    .filteredOn(line -> line.contains("asyncSupported"))
                    .hasSize(1);
        }
    }

    /** What our loggers say. */
    private static final class Lines extends Handler implements AutoCloseable {

        private final Logger ours = Logger.getLogger("io.github.ephemeralchat");
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Lines() {
            ours.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            ours.removeHandler(this);
        }
    }
}
