/** Rooms in the memory of one JVM. */
module io.github.ephemeralchat.memory {
    requires transitive io.github.ephemeralchat;
    requires static transitive org.jspecify;

    exports io.github.ephemeralchat.memory;
}
