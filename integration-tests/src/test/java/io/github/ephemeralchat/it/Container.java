package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.xnio.Options;

/** A servlet container on a free port with one servlet below {@code /api}. */
interface Container extends AutoCloseable {

    URI base();

    @Override
    void close();

    static Container jetty(Servlet servlet) {
        try {
            Server server = new Server(0);
            // An encoded slash is left to the servlet, as some hosts have it.
            server.getConnectors()[0]
                    .getConnectionFactory(HttpConnectionFactory.class)
                    .getHttpConfiguration()
                    .setUriCompliance(UriCompliance.from("RFC3986,AMBIGUOUS_PATH_SEPARATOR"));
            ServletContextHandler context = new ServletContextHandler("/");
            context.getServletHandler().setDecodeAmbiguousURIs(true);
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, "/api/*");
            server.setHandler(context);
            server.start();
            int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
            return new Running(port, () -> server.stop());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static Container tomcat(Servlet servlet) {
        return tomcat(servlet, Map.of());
    }

    /** With what the security model names for a Tomcat that shall keep nothing in its buffers. */
    static Container tomcatWithoutCaches(Servlet servlet) {
        return tomcat(servlet, Map.of("processorCache", "0", "socket.bufferPool", "0", "keepAliveTimeout", "3000"));
    }

    /** With 20 threads, which give a client up that takes nothing for 5 seconds. Small buffers leave much to offer to it. */
    static Container tomcatWithFewThreads(Servlet servlet) {
        return tomcat(servlet, Map.of("maxThreads", "20", "connectionTimeout", "5000", "socket.txBufSize", "4096"));
    }

    private static Container tomcat(Servlet servlet, Map<String, String> properties) {
        try {
            Path directory = Files.createTempDirectory("tomcat");
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(directory.toString());
            tomcat.setPort(0);
            tomcat.setHostname("127.0.0.1");
            Context context = tomcat.addContext("", directory.toString());
            context.addServletContainerInitializer(
                    (classes, application) -> {
                        ServletRegistration.Dynamic chat = application.addServlet("chat", servlet);
                        chat.setAsyncSupported(true);
                        chat.addMapping("/api/*");
                    },
                    null);
            tomcat.getConnector().setEncodedSolidusHandling("decode");
            properties.forEach((name, value) -> assertThat(tomcat.getConnector().setProperty(name, value))
                    .as(name)
                    .isTrue());
            tomcat.start();
            return new Running(tomcat.getConnector().getLocalPort(), () -> {
                tomcat.stop();
                tomcat.destroy();
            });
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the time-outs that docs/HOSTS.md names. */
    static Container undertow(Servlet servlet) {
        return undertow(servlet, Undertow.builder(), 60_000, 120_000);
    }

    /** With time-outs so short that a stream without a message for 3 seconds does not live. */
    static Container undertowInHaste(Servlet servlet) {
        return undertow(servlet, Undertow.builder(), 3_000, 3_000);
    }

    /** With 20 threads, and buffers that leave much to offer to a reader. */
    static Container undertowWithFewThreads(Servlet servlet) {
        Undertow.Builder few =
                Undertow.builder().setIoThreads(2).setWorkerThreads(20).setSocketOption(Options.SEND_BUFFER, 4096);
        return undertow(servlet, few, 5_000, 5_000);
    }

    private static Container undertow(Servlet servlet, Undertow.Builder builder, int readTimeout, int writeTimeout) {
        try {
            DeploymentManager application = Servlets.defaultContainer()
                    .addDeployment(Servlets.deployment()
                            .setClassLoader(Container.class.getClassLoader())
                            .setContextPath("/")
                            .setDeploymentName("chat")
                            .addServlet(Servlets.servlet(
                                            "chat", servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
                                    .setAsyncSupported(true)
                                    .setLoadOnStartup(1)
                                    .addMapping("/api/*")));
            application.deploy();
            System.setProperty("io.undertow.max-drain-time", "1000"); // 10 s are usual
            Undertow server = builder.addHttpListener(0, "127.0.0.1")
                    .setSocketOption(Options.READ_TIMEOUT, readTimeout)
                    .setSocketOption(Options.WRITE_TIMEOUT, writeTimeout)
                    .setHandler(application.start())
                    .build();
            server.start();
            InetSocketAddress address =
                    (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
            return new Running(address.getPort(), () -> {
                application.stop();
                application.undeploy();
                server.stop();
            });
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What ends a container. */
    interface Stop {
        void run() throws Exception;
    }

    /** A container that runs. */
    record Running(int port, Stop stop) implements Container {
        @Override
        public URI base() {
            return URI.create("http://127.0.0.1:" + port + "/api");
        }

        @Override
        public void close() {
            try {
                stop.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
