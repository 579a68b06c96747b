package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.SseClient;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** The application in which a document's Java is tried; the templates call it. */
public final class DocsHost {

    private static final Duration SOON = Duration.ofSeconds(5);

    private DocsHost() {}

    /**
     * Whether an application with this listener serves the API below {@code /chat}.
     *
     * @param listener what mounts it
     */
    public static void serves(ServletContextListener listener) throws Exception {
        ServletContextHandler context = new ServletContextHandler("/");
        context.addEventListener(listener);
        with(context, base -> {
            URLConnection answer = base.resolve("/chat/openapi.yaml").toURL().openConnection();
            assertThat(new String(answer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("openapi:");
        });
    }

    /**
     * Whether an application whose context is treated so serves the API below {@code /chat}.
     *
     * @param mount what is done to its context before it starts
     */
    public static void serves(Consumer<ServletContext> mount) throws Exception {
        serves(new ServletContextListener() {
            @Override
            public void contextInitialized(ServletContextEvent event) {
                mount.accept(event.getServletContext());
            }
        });
    }

    /**
     * Whether a servlet answers a user with the stream of a room.
     *
     * @param servlet the servlet
     * @param user who the container says is asking
     * @param room the room's code, in the parameter {@code room}
     */
    public static void streams(HttpServlet servlet, String user, String room) throws Exception {
        Principal principal = () -> user;
        Filter login = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public Principal getUserPrincipal() {
                        return principal;
                    }
                },
                response);
        FilterHolder filter = new FilterHolder(login);
        filter.setAsyncSupported(true);
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(holder, "/events");
        with(context, base -> {
            URLConnection stream = base.resolve("/events?room=" + room).toURL().openConnection();
            stream.setReadTimeout(5_000);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(Stream.generate(() -> line(lines))
                                .filter("event: joined"::equals)
                                .findFirst())
                        .isPresent();
            }
        });
    }

    /** {@return a port that nobody listens at} */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** What ends a server. */
    @FunctionalInterface
    public interface Stop {
        void run() throws Exception;
    }

    /**
     * Whether two talk below {@code /chat} on a server, a room's end ends its streams, and the server's end the others.
     *
     * @param port where the server listens
     * @param stop ends the server
     */
    public static void talksUntilTheEnd(int port, Stop stop) throws Exception {
        ChatClient client = ChatClient.of(URI.create("http://localhost:" + port + "/chat"));
        Seat anna = client.create(5);
        Seat ben = client.join(anna.room());
        Seat other = client.create(5);
        try (SseClient stream = ben.stream("", "");
                SseClient lasting = other.stream("", "")) {
            assertThat(anna.post("hello").status()).isEqualTo(201);
            stream.await("message", "\"hello\"");
            assertThat(anna.destroy().status()).isEqualTo(204);
            stream.await("destroyed", "");
            stream.awaitEnd(SOON);
            lasting.await("ready", "");
            stop.run();
            lasting.awaitEnd(SOON);
            assertThat(lasting.events("retry"))
                    .as("the second says when to come back")
                    .hasSize(2);
        }
    }

    private static String line(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What is asked of an application that runs. */
    private interface Visit {
        void to(URI base) throws Exception;
    }

    private static void with(ServletContextHandler context, Visit visit) throws Exception {
        Server server = new Server(0);
        server.setHandler(context);
        server.start();
        try {
            visit.to(server.getURI());
        } finally {
            server.stop();
        }
    }

    /**
     * Runs something that needs a Redis.
     *
     * @param use gets the address of one, which nothing else uses
     */
    public static void withRedis(Consumer<String> use) throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            use.accept(redis.address());
        }
    }
}
