package io.github.ephemeralchat.spring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * How many streams the web server has connections for. A server that has none left accepts nobody, and says so to
 * nobody: so a quarter of them is left to requests, and the next stream is refused.
 */
final class ConnectionLimit {

    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private static final int TOMCATS = 8192;
    private static final int NONE = -1;

    private ConnectionLimit() {}

    static int streams(int wanted, Environment environment) {
        int connections = connections(environment);
        int most = connections < 0 ? wanted : Math.max(1, connections - connections / 4);
        if (wanted > most) {
            boolean isHosts = environment.containsProperty("ephemeral-chat.streams.max");
            log.atLevel(isHosts ? Level.WARN : Level.INFO)
                    .log(
                            "This node has {} streams at most, not {}: the web server has {} connections",
                            most,
                            wanted,
                            connections);
        }
        return Math.min(wanted, most);
    }

    private static int connections(Environment environment) {
        if (isPresent("org.apache.catalina.startup.Tomcat")) {
            return environment.getProperty("server.tomcat.max-connections", int.class, TOMCATS);
        }
        return isPresent("org.eclipse.jetty.server.Server")
                ? environment.getProperty("server.jetty.max-connections", int.class, NONE)
                : NONE;
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, ConnectionLimit.class.getClassLoader());
    }
}
