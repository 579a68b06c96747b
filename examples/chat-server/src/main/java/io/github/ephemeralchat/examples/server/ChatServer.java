package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.EphemeralChatServlet;
import java.io.IOException;
import java.net.URI;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A running chat server: the API below {@code /api}, the page everywhere else. */
public final class ChatServer implements AutoCloseable {

    private final ServerOptions options;
    private final EphemeralChatService service;
    private final EphemeralChatServlet api;
    private final Server jetty;

    private ChatServer(ServerOptions options, RoomStore store, RoomBroadcaster broadcaster) {
        this.options = options;
        this.service = EphemeralChatService.over(store, broadcaster);
        this.api = new EphemeralChatServlet(service, ApiSettings.of(options));
        this.jetty = JettySetup.server(options.host(), options.port());
        this.jetty.setHandler(routes());
    }

    /**
     * Starts a server that shares its rooms with no other.
     *
     * @param options how it is set up
     * @param store where rooms are kept; the caller closes it, after the server
     * @return the server, which answers from now on
     * @throws IOException if it can't listen there
     */
    public static ChatServer start(ServerOptions options, RoomStore store) throws IOException {
        return start(options, store, RoomBroadcaster.local());
    }

    /**
     * Starts a server that is one of several nodes.
     *
     * @param options how it is set up
     * @param store where rooms are kept; the caller closes it, after the server
     * @param broadcaster how the nodes tell each other; the caller closes it, after the server
     * @return the server, which answers from now on
     * @throws IOException if it can't listen there
     */
    public static ChatServer start(ServerOptions options, RoomStore store, RoomBroadcaster broadcaster)
            throws IOException {
        ChatServer server = new ChatServer(options, store, broadcaster);
        try {
            server.jetty.start();
        } catch (Exception e) {
            server.close();
            throw e instanceof IOException io ? io : new IOException("the server can't start", e);
        }
        return server;
    }

    private ServletContextHandler routes() {
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
        context.setErrorHandler(new PlainErrors());
        ServletHolder streaming = new ServletHolder("api", api);
        streaming.setAsyncSupported(true);
        context.addServlet(streaming, ApiSettings.PATH + "/*");
        context.addServlet(new ServletHolder("page", new PageServlet()), "/");
        return context;
    }

    /**
     * Returns where this machine reaches the server.
     *
     * @return an address such as {@code http://localhost:8080}
     */
    public URI uri() {
        int port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
        return URI.create("http://" + JettySetup.reachable(options.host()) + ":" + port);
    }

    /** Ends open streams so that their clients come back elsewhere or later, then stops. Idempotent, and bounded. */
    @Override
    public void close() {
        // While connections are open: their streams are told when to come back.
        api.destroy();
        service.close();
        JettySetup.stop(jetty);
    }
}
