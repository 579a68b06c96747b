package io.github.ephemeralchat.examples.server;

import java.util.Set;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty for many connections that are quiet most of the time. */
final class JettySetup {

    /** A silent store holds up to 64 requests for two seconds: the rest must still find a thread. */
    private static final int MAX_THREADS = 200;

    private static final int MIN_THREADS = 8;

    /** Twice the streams' heartbeat: a live stream never gets there, and a write that is stuck for so long is ended. */
    private static final int IDLE_MILLIS = 30_000;

    private static final int STOP_MILLIS = 1_000;
    private static final int BUFFER_BYTES = 4 << 10;
    private static final int HEAD_BYTES = 8 << 10;
    private static final int WAITING_CONNECTIONS = 1_024;

    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    private JettySetup() {}

    static Server server(String host, int port) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, IDLE_MILLIS);
        threads.setName("chat-server");
        threads.setStopTimeout(STOP_MILLIS);
        Server server = new Server(threads);
        server.addConnector(connector(server, host, port));
        server.setErrorHandler(new PlainErrors());
        return server;
    }

    private static ServerConnector connector(Server server, String host, int port) {
        ServerConnector connector = new ServerConnector(server, 1, 2, new HttpConnectionFactory(http()));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setShutdownIdleTimeout(STOP_MILLIS);
        connector.setAcceptQueueSize(WAITING_CONNECTIONS);
        return connector;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(HEAD_BYTES);
        http.setResponseHeaderSize(HEAD_BYTES);
        http.setOutputBufferSize(BUFFER_BYTES);
        http.setOutputAggregationSize(BUFFER_BYTES);
        return http;
    }

    static String reachable(String host) {
        String name = EVERY_ADDRESS.contains(host) ? "localhost" : host;
        return name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    }

    static void stop(Server server) {
        LifeCycle.stop(server);
    }
}
