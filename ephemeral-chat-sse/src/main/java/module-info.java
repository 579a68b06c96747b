/** Chat rooms over HTTP and Server-Sent Events: the protocol, and a servlet that speaks it. */
module io.github.ephemeralchat.sse {
    requires transitive io.github.ephemeralchat;
    // Static: containers bring the servlet API under module names of their own, and other servers do without.
    requires static transitive jakarta.servlet;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.github.benmanes.caffeine;
    requires io.github.bucket4j.core;
    requires org.slf4j;

    exports io.github.ephemeralchat.sse;
    exports io.github.ephemeralchat.sse.servlet;
}
