package io.github.ephemeralchat.examples.server;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How a server is set up.
 *
 * @param host the address to listen on; {@code 0.0.0.0} is every one
 * @param port the port; 0 is any free one
 * @param rateLimits whether requests, rooms and streams are limited per address and per participant
 * @param maxStreams how many streams the server keeps open at once
 * @param behindProxy whether the client's address is the last one in {@code X-Forwarded-For}
 * @param publicBaseUrl where clients see the server's root, which may be below a path that a proxy takes off; null to take it
 *     from each request
 * @param tls how it proves who it is; null to serve in the clear
 */
public record ServerOptions(
        String host,
        int port,
        boolean rateLimits,
        int maxStreams,
        boolean behindProxy,
        @Nullable URI publicBaseUrl,
        @Nullable Tls tls) {

    /** {@return the path at which clients see the server's root, without a slash at its end} */
    String rootPath() {
        return publicBaseUrl == null ? "" : publicBaseUrl.getRawPath().replaceFirst("/+$", "");
    }

    /** How many streams are kept where nothing else is said. */
    public static final int DEFAULT_MAX_STREAMS = 20_000;

    /**
     * Returns the usual set-up, for this machine only.
     *
     * @param port the port; 0 is any free one
     * @return options
     */
    public static ServerOptions local(int port) {
        return new ServerOptions("localhost", port, true, DEFAULT_MAX_STREAMS, false, null, null);
    }

    /**
     * Returns these options with the limits per address and per participant switched.
     *
     * @param rateLimits whether they hold
     * @return a changed copy
     */
    public ServerOptions withRateLimits(boolean rateLimits) {
        return new ServerOptions(host, port, rateLimits, maxStreams, behindProxy, publicBaseUrl, tls);
    }

    /**
     * Returns these options with TLS.
     *
     * @param tls how the server proves who it is
     * @return a changed copy
     */
    public ServerOptions withTls(Tls tls) {
        return new ServerOptions(host, port, rateLimits, maxStreams, behindProxy, publicBaseUrl, tls);
    }
}
