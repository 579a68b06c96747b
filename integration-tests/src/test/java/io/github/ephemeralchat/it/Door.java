package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A way in for clients, on a free port below {@code /api}: a servlet in some container, or a server of its own. */
interface Door extends AutoCloseable {

    URI base();

    int streamCount();

    /** Ends the streams as at the end of the door itself. */
    void endStreams();

    @Override
    void close();

    static Door servlet(
            EphemeralChatService service, ChatHttpSettings settings, Function<Servlet, Container> container) {
        EphemeralChatServlet servlet = new EphemeralChatServlet(service, settings);
        return new ServletDoor(servlet, container.apply(servlet));
    }

    /**
     * Opens the door on Netty.
     *
     * @param threads the number of event loops
     * @param requests where the API's requests run
     */
    static Door netty(EphemeralChatService service, ChatHttpSettings settings, int threads, Executor requests) {
        try {
            return new NettyDoor(NettyChatServer.builder(service)
                    .settings(settings)
                    .threads(threads)
                    .requestExecutor(requests)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A servlet in a container. */
    record ServletDoor(EphemeralChatServlet servlet, Container container) implements Door {

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
    record NettyDoor(NettyChatServer server) implements Door {

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
