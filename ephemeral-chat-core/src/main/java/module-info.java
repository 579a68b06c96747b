/** Self-destructing chat rooms: the types, the service, and the SPIs for storage and broadcast. */
module io.github.ephemeralchat {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.github.ephemeralchat;
    exports io.github.ephemeralchat.spi;
}
