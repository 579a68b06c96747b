package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.LocalMachine;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.SseClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTest {

    private static final long STOP_SECONDS = 5;
    private static final int STREAMS = 20;
    private static final String LONG_TEXT = "\u20ac".repeat(4_000);
    private static final int MORE_THAN_THE_NETWORK_HOLDS = 600;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void saysWhereItIsAndAnswers() throws Exception {
        long begin = System.nanoTime();
        try (ChatProcess process = ChatProcess.start("--port", "0")) {
            HttpResponse<String> page = client.send(get(process.uri().resolve("/")), ofString());
            System.out.printf(
                    "chat server: %d ms from start to its first answer%n",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            assertThat(page.statusCode()).isEqualTo(200);
            process.terminate();
            assertThat(process.exitCodeWithin(STOP_SECONDS)).isZero();
            assertThat(process.errors()).isEmpty();
        }
    }

    @Test
    void sigtermEndsItWithinFiveSecondsWithStreamsOpen() throws Exception {
        try (ChatProcess process = ChatProcess.start("--port", "0", "--rate-limits", "off")) {
            List<SseClient> streams = openStreams(createRoom(process));
            long begin = System.nanoTime();
            process.terminate();
            assertThat(process.exitCodeWithin(STOP_SECONDS)).isZero();
            System.out.printf(
                    "chat server: %d ms from SIGTERM to its end with %d streams open%n",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis(), STREAMS);
            for (SseClient stream : streams) {
                stream.awaitEnd(Duration.ofSeconds(STOP_SECONDS));
                assertThat(stream.types()).isNotEmpty();
                assertThat(stream.events("retry"))
                        .as("the client is told when to come back, at the start and at the end")
                        .hasSizeGreaterThanOrEqualTo(2);
            }
            assertThat(process.errors()).isEmpty();
        }
    }

    @Test
    void sigtermEndsItWithinFiveSecondsWithRoomsInRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.startWithPassword()) {
            endsAndTellsStreamsToRetry(redis, false);
        }
    }

    @Test
    void sigtermEndsItWithinFiveSecondsWhereRedisIsSilent() throws Exception {
        try (RedisProcess redis = RedisProcess.startWithPassword()) {
            endsAndTellsStreamsToRetry(redis, true);
        }
    }

    private void endsAndTellsStreamsToRetry(RedisProcess redis, boolean silent) throws Exception {
        try (ChatProcess process =
                ChatProcess.start("--port", "0", "--rate-limits", "off", "--redis", redis.address())) {
            List<SseClient> streams = openStreams(createRoom(process));
            if (silent) {
                redis.freeze();
            }
            long begin = System.nanoTime();
            process.terminate();
            assertThat(process.exitCodeWithin(STOP_SECONDS)).isZero();
            System.out.printf(
                    "chat server: %d ms from SIGTERM to its end with rooms in Redis%n",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            for (SseClient stream : streams) {
                stream.awaitEnd(Duration.ofSeconds(STOP_SECONDS));
                assertThat(stream.events("retry")).hasSizeGreaterThanOrEqualTo(2);
            }
            assertThat(process.errors()).isEmpty();
        }
    }

    @Test
    void aRedisThatCannotBeReachedAtTheStartIsSaidInOneLineWithoutItsPassword() throws Exception {
        String nowhere = "redis://:secret@127.0.0.1:" + LocalMachine.freePort();
        for (List<String> flags : List.of(
                List.of("--redis", nowhere),
                List.of("--redis", nowhere, "--redis", nowhere),
                List.of("--redis", nowhere.replace("redis:", "redis-sentinel:") + "#rooms"))) {
            try (ChatProcess process = ChatProcess.start(flags.toArray(String[]::new))) {
                assertThat(process.exitCodeWithin(20)).isEqualTo(1);
                assertThat(process.errors().lines())
                        .singleElement()
                        .asString()
                        .startsWith("Redis cannot be reached. Check --redis: ")
                        .doesNotContain("secret");
            }
        }
    }

    @Test
    void sigtermEndsItWithinFiveSecondsWhereNobodyReads() throws Exception {
        try (ChatProcess process = ChatProcess.start("--port", "0", "--rate-limits", "off")) {
            Seat seat = createRoom(process);
            List<Socket> stalled = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                stalled.add(seat.stalledStream());
            }
            for (int i = 0; i < MORE_THAN_THE_NETWORK_HOLDS; i++) {
                assertThat(seat.post(LONG_TEXT).status()).isEqualTo(201);
            }
            process.terminate();
            assertThat(process.exitCodeWithin(STOP_SECONDS)).isZero();
            assertThat(process.errors()).isEmpty();
            for (Socket each : stalled) {
                each.close();
            }
        }
    }

    @Test
    void whereAnEventLoopEndsTheProcessEndsWithExitCodeOne() throws Exception {
        for (String processors : List.of("2", "8")) { // One event loop, and four of them.
            List<String> options = List.of("-XX:ActiveProcessorCount=" + processors);
            try (ChatProcess process = ChatProcess.start(FailingServer.class, options)) {
                URI base = process.uri().resolve("/api");
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 100; i++) {
                                ChatClient.of(base, Duration.ofSeconds(2)).create();
                            }
                        })
                        .isInstanceOf(UncheckedIOException.class);
                assertThat(process.exitCodeWithin(STOP_SECONDS)).isEqualTo(1);
                assertThat(process.errors().lines()).contains("The server has failed: an event loop has ended.");
            }
        }
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() throws Exception {
        try (ChatServer other = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create());
                ChatProcess process =
                        ChatProcess.start("--port", String.valueOf(other.uri().getPort()))) {
            assertThat(process.exitCodeWithin(20)).isEqualTo(1);
            assertThat(process.errors().lines()).singleElement().asString().contains("in use", "--port");
        }
    }

    @Test
    void anAddressThatIsNotThisMachinesIsSaidInOneLine() throws Exception {
        for (String host : List.of("192.0.2.1", "no-such-host.invalid")) {
            try (ChatProcess process = ChatProcess.start("--host", host, "--port", "0")) {
                assertThat(process.exitCodeWithin(20)).isEqualTo(1);
                assertThat(process.errors().lines()).singleElement().asString().contains("--host");
            }
        }
    }

    @Test
    void aWrongFlagEndsItWithExitCodeTwo() throws Exception {
        try (ChatProcess process = ChatProcess.start("--port", "http")) {
            assertThat(process.exitCodeWithin(20)).isEqualTo(2);
            assertThat(process.errors()).startsWith("Invalid value for option '--port'");
        }
    }

    private static List<SseClient> openStreams(Seat seat) {
        List<SseClient> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            SseClient stream = seat.stream("", "");
            assertThat(stream.status()).isEqualTo(200);
            streams.add(stream);
        }
        return streams;
    }

    private static Seat createRoom(ChatProcess process) throws IOException {
        return ChatClient.of(process.uri().resolve("/api")).create();
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri).build();
    }
}
