package io.github.ephemeralchat.benchmarks.servers;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** What can be measured, by the name that flags and tables use. */
public enum Contestant {
    /** The chat server as its users run it, rooms in memory. */
    CHAT_SERVER("chat-server", OurServers::chatServer),
    /** The servlet in a plain Jetty. */
    SERVLET_JETTY("servlet-jetty", () -> OurServers.servlet("jetty")),
    /** The servlet in a plain Tomcat. */
    SERVLET_TOMCAT("servlet-tomcat", () -> OurServers.servlet("tomcat")),
    /** nginx with nchan, from the system's packages. */
    NCHAN("nchan", Peers::nchan),
    /** Spring MVC with a list of emitters for each room. */
    SPRING_MVC("spring-mvc", Peers::springMvc),
    /** Two chat servers that share a Redis: posts to one, streams at the other. */
    CHAT_SERVER_REDIS("chat-server-redis", OurServers::chatServersOverRedis),
    /** Two of the Spring MVC kind over Redis pub/sub: posts to one, streams at the other. */
    SPRING_MVC_REDIS("spring-mvc-redis", Peers::springMvcOverRedis);

    private final String label;
    private final Supplier<RunningServer> start;

    Contestant(String label, Supplier<RunningServer> start) {
        this.label = label;
        this.start = start;
    }

    /**
     * Starts it, and builds it before where that is to be done.
     *
     * @return the server, which answers
     */
    public RunningServer start() {
        return start.get();
    }

    /**
     * Tells what this machine lacks for it.
     *
     * @return words for people; nothing where it can be started
     */
    public Optional<String> missing() {
        return this == NCHAN ? Peers.nchanMissing() : Optional.empty();
    }

    /**
     * Tells whether it is compared with.
     *
     * @return whether it is not ours
     */
    public boolean isPeer() {
        return this == NCHAN || this == SPRING_MVC || this == SPRING_MVC_REDIS;
    }

    /**
     * Finds one by its name.
     *
     * @param name such as {@code servlet-jetty}
     * @return the contestant
     */
    public static Contestant named(String name) {
        return Arrays.stream(values())
                .filter(one -> one.label.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no server is called " + name));
    }

    @Override
    public String toString() {
        return label;
    }
}
