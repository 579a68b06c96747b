package io.github.ephemeralchat.benchmarks.servers;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The servlet as a host gets it: in a plain container below {@code /api}, rooms in memory, rate limits off. */
public final class ServletServer {

    private static final int MAX_STREAMS = 20_000;
    private static final String HOST = "127.0.0.1";

    private ServletServer() {}

    /**
     * Starts a container and says at which port.
     *
     * @param args {@code jetty} or {@code tomcat}
     * @throws Exception if it does not start
     */
    public static void main(String[] args) throws Exception {
        System.out.println("listening at " + start(args[0], MemoryRoomStore.create()));
    }

    /**
     * Starts a container in this JVM; it ends with it.
     *
     * @param container {@code jetty} or {@code tomcat}
     * @param store where rooms are kept
     * @return its port
     * @throws Exception if it does not start
     */
    public static int start(String container, RoomStore store) throws Exception {
        ChatHttpSettings settings = ChatHttpSettings.builder()
                .rateLimits(RateLimits.off())
                .maxStreams(MAX_STREAMS)
                .maxStreamsPerAddress(MAX_STREAMS)
                .maxStreamsPerParticipant(MAX_STREAMS)
                .build();
        EphemeralChatServlet servlet = new EphemeralChatServlet(EphemeralChatService.create(store), settings);
        return switch (container) {
            case "jetty" -> jetty(servlet);
            case "tomcat" -> tomcat(servlet);
            default -> throw new IllegalArgumentException("no container is called " + container);
        };
    }

    private static int jetty(EphemeralChatServlet servlet) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(HOST);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/api/*");
        server.setHandler(context);
        server.start();
        return connector.getLocalPort();
    }

    /** With more connections than Tomcat takes by itself, so that all streams of a run find a place. */
    private static int tomcat(EphemeralChatServlet servlet) throws IOException, LifecycleException {
        Path folder = Files.createTempDirectory("tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setHostname(HOST);
        tomcat.setPort(0);
        Connector connector = tomcat.getConnector();
        connector.setProperty("address", HOST);
        connector.setProperty("maxConnections", Integer.toString(MAX_STREAMS));
        Context context = tomcat.addContext("", folder.toString());
        context.addServletContainerInitializer(
                (classes, application) -> {
                    ServletRegistration.Dynamic chat = application.addServlet("chat", servlet);
                    chat.setAsyncSupported(true);
                    chat.addMapping("/api/*");
                },
                null);
        tomcat.start();
        return connector.getLocalPort();
    }
}
