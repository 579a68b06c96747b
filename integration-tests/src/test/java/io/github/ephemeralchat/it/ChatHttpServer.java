package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A way in for clients, on a free port below {@code /api}: a servlet in some container, or a server of its own. */
interface ChatHttpServer extends AutoCloseable {

    URI base();

    int streamCount();

    /** Ends the streams as at the end of the server itself. */
    void endStreams();

    @Override
    void close();

    static ChatHttpServer servlet(
            EphemeralChatService service, ChatHttpSettings settings, Function<Servlet, Container> container) {
        return servlet(service, settings, RequestHooks.defaults(), container);
    }

    static ChatHttpServer servlet(
            EphemeralChatService service,
            ChatHttpSettings settings,
            RequestHooks<HttpServletRequest> hooks,
            Function<Servlet, Container> container) {
        EphemeralChatServlet servlet = new EphemeralChatServlet(service, settings, hooks);
        return new InContainer(servlet, container.apply(servlet));
    }

    /**
     * Opens the server on Netty.
     *
     * @param threads the number of event loops
     * @param requests where the API's requests run
     */
    static ChatHttpServer netty(
            EphemeralChatService service, ChatHttpSettings settings, int threads, Executor requests) {
        try {
            return new OnNetty(NettyChatServer.builder(service)
                    .settings(settings)
                    .threads(threads)
                    .requestExecutor(requests)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A servlet in a container. */
    record InContainer(EphemeralChatServlet servlet, Container container) implements ChatHttpServer {

        @Override
        public URI base() {
            return container.base();
        }

        @Override
        public int streamCount() {
            return servlet.streamCount();
        }

        @Override
        public void endStreams() {
            servlet.destroy();
        }

        @Override
        public void close() {
            container.close();
        }
    }

    /** A server of its own. */
    record OnNetty(NettyChatServer server) implements ChatHttpServer {

        @Override
        public URI base() {
            return URI.create("http://127.0.0.1:" + server.address().getPort() + "/api");
        }

        @Override
        public int streamCount() {
            return server.streamCount();
        }

        @Override
        public void endStreams() {
            server.close();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
