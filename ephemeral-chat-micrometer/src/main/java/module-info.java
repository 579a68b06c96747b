/** The chat's metrics as Micrometer's meters. */
module io.github.ephemeralchat.micrometer {
    requires transitive io.github.ephemeralchat;
    requires transitive micrometer.core;
    requires static transitive org.jspecify;

    exports io.github.ephemeralchat.micrometer;
}
