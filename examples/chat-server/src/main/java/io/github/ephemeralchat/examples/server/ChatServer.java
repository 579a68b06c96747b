package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A running chat server: the API below {@code /api}, the page everywhere else. */
public final class ChatServer implements AutoCloseable {

    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    private final ServerOptions options;
    private final EphemeralChatService service;
    /** Null for a node that is alone with its rooms: it is always ready. */
    private final @Nullable Readiness readiness;

    private final Tls.@Nullable Identity tls;
    private final NettyChatServer server;

    private ChatServer(
            ServerOptions options,
            EphemeralChatService service,
            @Nullable Readiness readiness,
            Tls.@Nullable Identity tls,
            NettyChatServer server) {
        this.options = options;
        this.tls = tls;
        this.service = service;
        this.readiness = readiness;
        this.server = server;
    }

    /**
     * Starts a server that shares its rooms with no other.
     *
     * @param options how it is set up
     * @param store where rooms are kept, which never waits; the caller closes it, after the server
     * @return the server, which answers from now on
     * @throws IOException if it can't listen there, or has no certificate
     */
    public static ChatServer start(ServerOptions options, RoomStore store) throws IOException {
        // On the event loops themselves: memory is never waited for.
        EphemeralChatService service = EphemeralChatService.create(store);
        return start(options, service, null, server -> server.requestExecutor(Runnable::run));
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
        return start(options, store, broadcaster, null);
    }

    /** As the other one; {@code loops} are shared with the store's connections, null if there are none. */
    static ChatServer start(
            ServerOptions options, RoomStore store, RoomBroadcaster broadcaster, @Nullable EventLoopGroup loops)
            throws IOException {
        EphemeralChatService service = EphemeralChatService.create(store, broadcaster);
        return start(
                options,
                service,
                Readiness.of(store, broadcaster),
                server -> loops == null ? server : server.eventLoopGroup(loops));
    }

    static ChatServer start(
            ServerOptions options,
            EphemeralChatService service,
            @Nullable Readiness readiness,
            UnaryOperator<NettyChatServer.Builder> threads)
            throws IOException {
        try {
            NettyChatServer.Builder server = NettyChatServer.builder(service)
                    .settings(ApiSettings.of(options))
                    .host(options.host())
                    .port(options.port())
                    .path(ApiSettings.PATH)
                    .fallback(new Pages(options.rootPath(), () -> readiness == null || readiness.isReady()));
            if (options.behindProxy()) {
                server.maxConnectionsPerAddress(Integer.MAX_VALUE); // All are the proxy's.
            }
            Tls.Identity tls = options.tls() == null ? null : options.tls().open();
            if (tls != null) {
                server.tls(tls.context());
            }
            return new ChatServer(
                    options, service, readiness, tls, threads.apply(server).start());
        } catch (IOException | RuntimeException e) {
            close(readiness);
            service.close();
            throw e;
        }
    }

    /**
     * Returns where this machine reaches the server.
     *
     * @return an address such as {@code http://localhost:8080}
     */
    public URI uri() {
        return URI.create((tls == null ? "http://" : "https://") + reachable(options.host()) + ":"
                + server.address().getPort());
    }

    /**
     * Returns what whoever is warned of this server's certificate compares.
     *
     * @return the certificate's SHA-256; null if the server made none
     */
    @Nullable
    String fingerprint() {
        return tls == null ? null : tls.fingerprint();
    }

    private static String reachable(String host) {
        String name = EVERY_ADDRESS.contains(host) ? "localhost" : host;
        return name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    }

    /**
     * Returns what completes once the server is closed.
     *
     * @return a stage, which completes exceptionally if the server has failed and closed itself
     */
    public CompletionStage<Void> closed() {
        return server.closed();
    }

    /** Ends open streams so that their clients come back elsewhere or later, then stops. Idempotent, and bounded. */
    @Override
    public void close() {
        server.close();
        close(readiness);
        service.close();
    }

    private static void close(@Nullable Readiness readiness) {
        if (readiness != null) {
            readiness.close();
        }
    }
}
