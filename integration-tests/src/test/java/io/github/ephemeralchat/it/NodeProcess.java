package io.github.ephemeralchat.it;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A node in a small JVM of its own, whose heap a test may look at. */
final class NodeProcess implements AutoCloseable {

    private static final String NONE = "-";

    private final Process process;
    private final URI base;

    private NodeProcess(Process process) throws IOException {
        this.process = process;
        this.base = URI.create(answer());
    }

    /**
     * Starts a node.
     *
     * @param server {@code jetty}, {@code tomcat}, {@code tomcat-without-caches} or {@code netty}
     * @param redis where the rooms are; null for the node's own memory
     */
    static NodeProcess start(String server, String redis) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        String logging = System.getProperty("java.util.logging.config.file");
        if (logging != null) {
            command.add("-Djava.util.logging.config.file=" + logging);
        }
        command.addAll(List.of(NodeProcess.class.getName(), server, redis == null ? NONE : redis));
        return new NodeProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    URI base() {
        return base;
    }

    /** A new room that ends by itself: its code, and the owner's token. */
    List<String> roomThatEndsAfter(int seconds) throws IOException {
        return List.of(ask("room " + seconds).split(" "));
    }

    HeapDump dumpTo(Path file) throws IOException {
        ask("dump " + file);
        return HeapDump.read(file);
    }

    private String ask(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
        return answer();
    }

    private String answer() throws IOException {
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (line == null) {
            throw new IOException("the node has ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The node's own program, which ends with its input, or if it fails: the threads of a server would go on. */
    public static void main(String[] args) throws IOException {
        try {
            serve(args);
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private static void serve(String[] args) throws IOException {
        RoomStore store;
        EphemeralChatService service;
        if (args[1].equals(NONE)) {
            store = MemoryRoomStore.create();
            service = EphemeralChatService.create(store);
        } else {
            RedisChat redis = RedisChat.connect(RedisURI.create(args[1]));
            store = redis.store();
            service = EphemeralChatService.create(store, redis.broadcaster());
        }
        System.out.println(open(args[0], service).base());
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String what = order.substring(order.indexOf(' ') + 1);
            System.out.println(order.startsWith("dump ") ? dump(what) : room(store, Integer.parseInt(what)));
        }
    }

    private static ChatHttpServer open(String server, EphemeralChatService service) {
        ChatHttpSettings settings =
                ChatHttpSettings.builder().rateLimits(RateLimits.off()).build();
        return switch (server) {
            case "jetty" -> ChatHttpServer.servlet(service, settings, Container::jetty);
            case "tomcat" -> ChatHttpServer.servlet(service, settings, Container::tomcat);
            case "tomcat-without-caches" -> ChatHttpServer.servlet(service, settings, Container::tomcatWithoutCaches);
            default -> ChatHttpServer.netty(service, settings, 1, Runnable::run);
        };
    }

    private static String dump(String file) {
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String room(RoomStore store, int seconds) {
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        String token = "a-token-for-tests";
        RoomIncarnation incarnation = new RoomIncarnation(RoomId.random(), 1);
        Room room = new Room(incarnation, now, now.plusSeconds(seconds), 10, false);
        store.create(room, Identity.anonymous(), TokenHash.of(token));
        return room.id().value() + " " + token;
    }
}
