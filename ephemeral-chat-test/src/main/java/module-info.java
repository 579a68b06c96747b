/** For tests of applications that use the chat. */
module io.github.ephemeralchat.test {
    requires transitive io.github.ephemeralchat;
    requires transitive io.github.ephemeralchat.memory;
    requires static transitive org.jspecify;

    exports io.github.ephemeralchat.test;
}
