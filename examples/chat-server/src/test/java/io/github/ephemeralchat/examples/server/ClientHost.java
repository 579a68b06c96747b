package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/** A host with a page of its own, under a strict policy; the rooms are at {@code /chat}. */
final class ClientHost implements AutoCloseable {

    private static final Pattern CLIENT = Pattern.compile("/ephemeral-chat/(?:element/(?:vendor/)?)?[a-z-]+\\.js");

    private final EphemeralChatService service;
    private final EphemeralChatServlet servlet;
    private final Server jetty;
    private final Map<String, String> files = new ConcurrentHashMap<>();
    private final AtomicReference<Runnable> afterPost = new AtomicReference<>(() -> {});
    private volatile String policy = "default-src 'none'; script-src 'self'; connect-src 'self'";

    private ClientHost(String address, RoomStore store, ChatHttpSettings settings) {
        this.service = EphemeralChatService.create(store);
        this.servlet = new EphemeralChatServlet(service, settings, logins());
        this.jetty = new Server(new InetSocketAddress(address, 0));
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder streaming = new ServletHolder("chat", servlet);
        streaming.setAsyncSupported(true);
        context.addServlet(streaming, "/chat/*");
        context.addServlet(new ServletHolder("page", new Page()), "/");
        FilterHolder lossy = new FilterHolder(new AfterPost());
        lossy.setAsyncSupported(true);
        context.addFilter(lossy, "/chat/*", EnumSet.of(DispatcherType.REQUEST));
        jetty.setHandler(context);
    }

    /** Whoever says so is logged in, as a page with {@code ?login=} does. */
    private static RequestHooks<HttpServletRequest> logins() {
        return RequestHooks.<HttpServletRequest>defaults()
                .withIdentity(request ->
                        Optional.ofNullable(request.getHeader("X-Login")).map(name -> Identity.ofUser(name, name)));
    }

    static ClientHost start(RoomStore store, ChatHttpSettings settings) throws Exception {
        return start("localhost", store, settings);
    }

    static ClientHost start(String address, RoomStore store, ChatHttpSettings settings) throws Exception {
        ClientHost host = new ClientHost(address, store, settings);
        host.files.put("/", resource("/client/page.html"));
        host.files.put("/page.js", resource("/client/page.js"));
        host.jetty.start();
        return host;
    }

    private static @Nullable String client(String path) throws IOException {
        String resource = "/META-INF/resources" + path;
        return ClientHost.class.getResource(resource) == null ? null : resource(resource);
    }

    static String resource(String path) throws IOException {
        try (InputStream in = ClientHost.class.getResourceAsStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    URI uri() {
        ServerConnector connector = (ServerConnector) jetty.getConnectors()[0];
        return URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort());
    }

    EphemeralChatService service() {
        return service;
    }

    int streams() {
        return servlet.streamCount();
    }

    void serve(String path, String content) {
        files.put(path, content);
    }

    void setPolicy(String value) {
        policy = value;
    }

    /** What happens once the next message is stored or claimed and before its answer is sent. */
    void afterNextPost(Runnable action) {
        afterPost.set(action);
    }

    @Override
    public void close() {
        servlet.destroy();
        service.close();
        LifeCycle.stop(jetty);
    }

    private final class Page extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String path = request.getServletPath();
            String content = files.get(path);
            if (content == null && CLIENT.matcher(path).matches()) {
                content = client(path);
            }
            if (content == null) {
                response.setStatus(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            response.setHeader("Content-Security-Policy", policy);
            response.setContentType(type(path) + ";charset=utf-8");
            response.getOutputStream().write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String type(String path) {
        return path.endsWith(".js") ? "text/javascript" : path.endsWith(".css") ? "text/css" : "text/html";
    }

    private final class AfterPost extends HttpFilter {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(request, response);
            if (request.getMethod().equals("POST")
                    && request.getRequestURI().matches(".*/(messages|entries|participants|claim)")) {
                afterPost.getAndSet(() -> {}).run();
            }
        }
    }
}
