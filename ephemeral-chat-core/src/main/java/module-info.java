/** Self-destructing chat rooms: the service, its values, and the SPIs for storage and broadcast. */
@SuppressWarnings("module") // The modules of this library that share threads and log records are built after this one.
module io.github.ephemeralchat {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.github.ephemeralchat;
    exports io.github.ephemeralchat.metrics;
    exports io.github.ephemeralchat.model;
    exports io.github.ephemeralchat.spi;
    exports io.github.ephemeralchat.transport;
    exports io.github.ephemeralchat.internal.support to
            io.github.ephemeralchat.memory,
            io.github.ephemeralchat.netty,
            io.github.ephemeralchat.postgresql,
            io.github.ephemeralchat.redis,
            io.github.ephemeralchat.spring,
            io.github.ephemeralchat.sse;
}
