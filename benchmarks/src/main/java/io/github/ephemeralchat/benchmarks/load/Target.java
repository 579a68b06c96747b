package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server under load, and how rooms, seats, streams and posts are asked for there. Immutable. */
public final class Target {

    private final Properties description;
    private final int port;
    private final int publishPort;

    private Target(Properties description, int port, int publishPort) {
        this.description = description;
        this.port = port;
        this.publishPort = publishPort;
    }

    /**
     * Reads one of this module's target files.
     *
     * @param name the file's name, without its ending
     * @param port where streams are opened, on this machine
     * @return a target whose posts go there too
     */
    public static Target named(String name, int port) {
        try (InputStream in = Target.class.getResourceAsStream("/targets/" + name + ".properties")) {
            Properties description = new Properties();
            description.load(Objects.requireNonNull(in, name));
            return new Target(description, port, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns this target with its posts, its rooms and its seats asked for at another instance.
     *
     * @param other that instance
     * @return a changed copy
     */
    public Target publishingAt(Target other) {
        return new Target(description, port, other.port);
    }

    /**
     * Returns this target with rooms that live as briefly as its servers allow.
     *
     * @return a changed copy
     */
    public Target withBriefRooms() {
        return creating("create.brief");
    }

    /**
     * Returns this target with rooms in which people see each other type.
     *
     * @return a changed copy
     */
    public Target withTyping() {
        return creating("create.typing");
    }

    private Target creating(String body) {
        Properties changed = new Properties();
        changed.putAll(description);
        changed.setProperty("create.body", Objects.requireNonNull(description.getProperty(body), body));
        return new Target(changed, port, publishPort);
    }

    /**
     * Returns where streams are opened.
     *
     * @return a port of this machine
     */
    public int port() {
        return port;
    }

    InetSocketAddress streams() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    InetSocketAddress posts() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), publishPort);
    }

    Template subscribe() {
        return Objects.requireNonNull(Template.of(description, "subscribe", "GET"));
    }

    Template publish() {
        return Objects.requireNonNull(Template.of(description, "publish", "POST"));
    }

    Template cue() {
        return Objects.requireNonNull(Template.of(description, "cue", "POST"));
    }

    /** A message that ends before its room; the payload is after how many seconds. */
    Template ending() {
        return Objects.requireNonNull(Template.of(description, "ending", "POST"));
    }

    /** Null where rooms are only named. */
    @Nullable
    Template create() {
        return Template.of(description, "create", "POST");
    }

    /** Null where nobody has a seat. */
    @Nullable
    Template join() {
        return Template.of(description, "join", "POST");
    }

    /** Null where rooms end by themselves. */
    @Nullable
    Template destroy() {
        return Template.of(description, "destroy", "DELETE");
    }

    /** Null where seats are not given up. */
    @Nullable
    Template leave() {
        return Template.of(description, "leave", "DELETE");
    }

    /** Where something stands in the answer to a request: its group 1. */
    Pattern pattern(String key) {
        return Pattern.compile(Objects.requireNonNull(description.getProperty(key), key));
    }

    /** What a stream says once it is registered; empty where its head says so. */
    String ready() {
        return description.getProperty("subscribe.ready", "");
    }
}
