package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.SseClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Promises 10 and 15: a live heap dump 5 s after the end of rooms and messages has none of their texts and names. */
@Execution(ExecutionMode.CONCURRENT)
class LeftoversTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final long AFTER_THE_END_MILLIS = 5_000;
    private static final int LIFE_SECONDS = 10;
    private static final String MEMORY = "memory";
    private static final String REDIS = "redis";

    /** How many characters after the mark say what a text is: of which room, and whether it is a name. */
    private static final int KIND = 3;

    /** Buffers that Tomcat keeps for the next connection, unless it is told otherwise. */
    private static final Pattern KEPT_BY_TOMCAT = Pattern.compile("^java\\.nio\\.HeapByteBuffer\\.hb < ("
            + "org\\.apache\\.tomcat\\.util\\.net\\.SocketBufferHandler\\.(read|write)Buffer"
            + "|org\\.apache\\.coyote\\.http11\\.Http11InputBuffer\\.byteBuffer"
            + "|org\\.apache\\.catalina\\.connector\\.OutputBuffer\\.bb)"
            + "|^org\\.apache\\.tomcat\\.util\\.buf\\.ByteChunk\\.buff < ");

    /** What every text and name begins with, that no class of the node has in it. */
    private final String mark = "zq" + Long.toString(ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE), 36);

    /** Each server and each store; with {@code -Pfull} each server over each store. */
    static Stream<Arguments> nodes() {
        Stream<Arguments> usual = Stream.of(
                Arguments.of("netty", MEMORY),
                Arguments.of("netty", REDIS),
                Arguments.of("jetty", MEMORY),
                Arguments.of("tomcat", MEMORY),
                Arguments.of("tomcat-without-caches", MEMORY));
        boolean full = "full".equals(System.getProperty("test.rounds"));
        return !full
                ? usual
                : Stream.concat(
                        usual,
                        Stream.of("jetty", "tomcat", "tomcat-without-caches")
                                .map(server -> Arguments.of(server, REDIS)));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void nothingOfItIsInTheHeapFiveSecondsAfterTheEnd(String server, String store, @TempDir Path folder)
            throws Exception {
        if (store.equals(MEMORY)) {
            check(server, null, folder);
        } else {
            try (RedisProcess redis = RedisProcess.start()) {
                check(server, redis.address(), folder);
            }
        }
    }

    private void check(String server, String redis, Path folder) throws Exception {
        try (NodeProcess node = NodeProcess.start(server, redis)) {
            ChatClient client = ChatClient.of(node.base());
            // This room lives on: what ends in it are messages. Its streams have connections that nothing else was sent
            // over.
            Answer made = client.send("POST", "/rooms", null, "{}");
            Seat living = new Seat(client, made.json().at("/room/id").asText(), made.text("token"), "");
            try (SseClient reader = living.stream("", "");
                    Socket lagging = living.stalledStream()) {
                check(node, server, folder, living, reader);
                assertThat(lagging.isClosed()).isFalse();
            }
        }
    }

    private void check(NodeProcess node, String server, Path folder, Seat living, SseClient reader) throws Exception {
        ChatClient client = living.client();
        Seat closing = create(client, "l");
        SseClient closed = fill(closing, "l");
        Seat destroyed = create(client, "d");
        List<String> expiring = node.roomThatEndsAfter(LIFE_SECONDS);
        Seat expired = new Seat(client, expiring.get(0), expiring.get(1), "");
        try (SseClient first = destroyed.stream("", "");
                SseClient second = fill(expired, "e");
                SseClient third = fill(destroyed, "d");
                Socket stopped = destroyed.stalledStream()) {
            say(living, "f", "");
            reader.await("message", mark + "-ft");
            assertThat(node.dumpTo(folder.resolve("living.hprof")).find(mark, KIND))
                    .as("while the rooms live")
                    .contains(mark + "-dt", mark + "-dn", mark + "-lt", mark + "-ln", mark + "-ft");
            say(living, "s", ",\"ttlSeconds\":5");
            reader.await("message", mark + "-st");
            living.client().send("DELETE", "/rooms/" + living.room() + "/messages/2", living.token(), null);
            reader.await("forgotten", "\"expired\"");
            closed.close();
            destroyed.destroy();
            closing.destroy();
            Await.until(
                    SOON.plusSeconds(LIFE_SECONDS),
                    "the ends are told",
                    () -> first.isEnded() && second.isEnded() && third.isEnded());
            assertThat(stopped.isClosed()).isFalse();
            Thread.sleep(AFTER_THE_END_MILLIS);
            HeapDump after = node.dumpTo(folder.resolve("after.hprof"));
            Map<String, Set<String>> left = after.findHolders(mark, KIND);
            left.entrySet().removeIf(holder -> isKeptByTomcat(server, holder.getKey(), holder.getValue()));
            assertThat(left).as(server).isEmpty();
        }
    }

    /** Without its caches it keeps nothing of what has ended but the last event of a stream that is open. */
    private boolean isKeptByTomcat(String server, String holder, Set<String> texts) {
        boolean ofOpenStreams = Set.of(mark + "-ft", mark + "-st").containsAll(texts);
        return KEPT_BY_TOMCAT.matcher(holder).find()
                && (server.equals("tomcat") || (server.equals("tomcat-without-caches") && ofOpenStreams));
    }

    private void say(Seat seat, String kind, String life) {
        String text = "{\"text\":\"" + mark + "-" + kind + "t\"" + life + "}";
        Answer posted = seat.client().send("POST", "/rooms/" + seat.room() + "/messages", seat.token(), text);
        assertThat(posted.status()).isEqualTo(201);
    }

    private Seat create(ChatClient client, String room) {
        Answer created = client.send("POST", "/rooms", null, "{\"name\":\"" + mark + "-" + room + "n\"}");
        return new Seat(client, created.json().at("/room/id").asText(), created.text("token"), "");
    }

    /** Says all kinds of things in a room, and has somebody listen. */
    private SseClient fill(Seat seat, String room) throws IOException {
        String text = mark + "-" + room + "t";
        SseClient stream = seat.stream("", "");
        seat.client()
                .send(
                        "POST",
                        "/rooms/" + seat.room() + "/participants",
                        null,
                        "{\"name\":\"" + mark + "-" + room + "n\"}");
        seat.post(text);
        seat.post(text + " \u2603");
        seat.post((text + "\n").repeat(4000 / (text.length() + 1)));
        seat.client().send("POST", "/rooms/" + seat.room() + "/messages", seat.token(), "{\"text\":\"" + text);
        seat.client().send("GET", "/rooms/" + seat.room() + "/messages", seat.token(), null);
        seat.look();
        stream.await("message", "\u2603");
        return stream;
    }
}
