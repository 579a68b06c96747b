package io.github.ephemeralchat.benchmarks.servers;

import java.util.Arrays;
import java.util.Optional;

/** What can be measured, by the name that flags and tables use. */
public enum Contestant {
    /** The chat server as its users run it, rooms in memory. */
    CHAT_SERVER("chat-server"),
    /** The servlet in a plain Jetty. */
    SERVLET_JETTY("servlet-jetty"),
    /** The servlet in a plain Tomcat. */
    SERVLET_TOMCAT("servlet-tomcat"),
    /** nginx with nchan, from the system's packages. */
    NCHAN("nchan"),
    /** Spring MVC with a list of emitters for each room. */
    SPRING_MVC("spring-mvc"),
    /** Two chat servers that share a Redis: posts to one, streams at the other. */
    CHAT_SERVER_REDIS("chat-server-redis"),
    /** The same, with posts that wait 20 ms at most to go to Redis together. */
    CHAT_SERVER_REDIS_BATCHED("chat-server-redis-batched"),
    /** Two chat servers that share a Redis Cluster of six masters: posts to one, streams at the other. */
    CHAT_SERVER_CLUSTER("chat-server-cluster"),
    /** The same, with plain signals, since their user may not shard them. */
    CHAT_SERVER_CLUSTER_PLAIN("chat-server-cluster-plain"),
    /** Two of the Spring MVC kind over Redis pub/sub: posts to one, streams at the other. */
    SPRING_MVC_REDIS("spring-mvc-redis"),
    /** The same, with members that are checked and messages that are kept, as in rooms of ours. */
    SPRING_MVC_REDIS_KEPT("spring-mvc-redis-kept"),
    /** Two chat servers of another checkout of this project over Redis, to compare a change with what was before. */
    CHAT_SERVER_REDIS_BEFORE("chat-server-redis-before"),
    /** One chat server of that other checkout. */
    CHAT_SERVER_BEFORE("chat-server-before"),
    /** Two chat servers that share a PostgreSQL: posts to one, streams at the other. */
    CHAT_SERVER_POSTGRESQL("chat-server-postgresql"),
    /** Two of the Spring MVC kind over a plain INSERT and NOTIFY: posts to one, streams at the other. */
    SPRING_MVC_POSTGRESQL("spring-mvc-postgresql");

    private final String label;

    Contestant(String label) {
        this.label = label;
    }

    /**
     * Starts it, and builds it before where that is to be done.
     *
     * @return the server, which answers
     */
    public RunningServer start() {
        return switch (this) {
            case CHAT_SERVER -> OurServers.chatServer(CHAT_SERVER.label, Project.root());
            case SERVLET_JETTY -> OurServers.servlet("jetty");
            case SERVLET_TOMCAT -> OurServers.servlet("tomcat");
            case NCHAN -> Peers.nchan();
            case SPRING_MVC -> Peers.springMvc();
            case CHAT_SERVER_REDIS -> OurServers.chatServersOverRedis(CHAT_SERVER_REDIS.label, Project.root());
            case CHAT_SERVER_REDIS_BATCHED ->
                OurServers.chatServersOverRedis(
                        CHAT_SERVER_REDIS_BATCHED.label, Project.root(), "--redis-batch-delay", "20");
            case CHAT_SERVER_CLUSTER -> OurServers.chatServersOverCluster(CHAT_SERVER_CLUSTER.label, true);
            case CHAT_SERVER_CLUSTER_PLAIN -> OurServers.chatServersOverCluster(CHAT_SERVER_CLUSTER_PLAIN.label, false);
            case SPRING_MVC_REDIS -> Peers.springMvcOverRedis();
            case SPRING_MVC_REDIS_KEPT -> Peers.springMvcOverRedisThatKeeps();
            case CHAT_SERVER_REDIS_BEFORE ->
                OurServers.chatServersOverRedis("chat-server-redis-before", Project.before());
            case CHAT_SERVER_BEFORE -> OurServers.chatServer("chat-server-before", Project.before());
            case CHAT_SERVER_POSTGRESQL -> OurServers.chatServersOverPostgresql();
            case SPRING_MVC_POSTGRESQL -> Peers.springMvcOverPostgresql();
        };
    }

    /**
     * Tells what this machine lacks for it.
     *
     * @return words for people; nothing where it can be started
     */
    public Optional<String> missing() {
        return switch (this) {
            case NCHAN -> Peers.nchanMissing();
            case CHAT_SERVER_POSTGRESQL, SPRING_MVC_POSTGRESQL -> PostgresqlServer.missing();
            case CHAT_SERVER_BEFORE, CHAT_SERVER_REDIS_BEFORE -> Project.beforeMissing();
            default -> Optional.empty();
        };
    }

    /**
     * Tells whether it is compared with.
     *
     * @return whether it is not ours as it is used now
     */
    public boolean isPeer() {
        return switch (this) {
            case NCHAN,
                    SPRING_MVC,
                    SPRING_MVC_REDIS,
                    SPRING_MVC_REDIS_KEPT,
                    SPRING_MVC_POSTGRESQL,
                    CHAT_SERVER_CLUSTER_PLAIN,
                    CHAT_SERVER_BEFORE,
                    CHAT_SERVER_REDIS_BEFORE -> true;
            default -> false;
        };
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
