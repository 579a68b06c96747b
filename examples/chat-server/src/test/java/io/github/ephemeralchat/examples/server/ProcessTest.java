package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpResponse.BodyHandlers.ofLines;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
            List<CompletableFuture<List<String>>> streams = openStreams(createRoom(process.uri()));
            long begin = System.nanoTime();
            process.terminate();
            assertThat(process.exitCodeWithin(STOP_SECONDS)).isZero();
            System.out.printf(
                    "chat server: %d ms from SIGTERM to its end with %d streams open%n",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis(), STREAMS);
            for (CompletableFuture<List<String>> stream : streams) {
                List<String> lines = stream.get(STOP_SECONDS, TimeUnit.SECONDS);
                assertThat(lines).anyMatch(line -> line.startsWith("data: "));
                assertThat(lines.stream().filter(line -> line.startsWith("retry: ")))
                        .as("the client is told when to come back, at the start and at the end")
                        .hasSizeGreaterThanOrEqualTo(2);
            }
            assertThat(process.errors()).isEmpty();
        }
    }

    @Test
    void sigtermEndsItWithinFiveSecondsWithRoomsInRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            endsWithFarewells(redis, false);
        }
    }

    @Test
    void sigtermEndsItWithinFiveSecondsWhereRedisIsSilent() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            endsWithFarewells(redis, true);
        }
    }

    private void endsWithFarewells(RedisProcess redis, boolean silent) throws Exception {
        try (ChatProcess process =
                ChatProcess.start("--port", "0", "--rate-limits", "off", "--redis", redis.address())) {
            List<CompletableFuture<List<String>>> streams = openStreams(createRoom(process.uri()));
            if (silent) {
                redis.freeze();
            }
            long begin = System.nanoTime();
            process.terminate();
            assertThat(process.exitCodeWithin(STOP_SECONDS)).isZero();
            System.out.printf(
                    "chat server: %d ms from SIGTERM to its end with rooms in Redis%n",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            for (CompletableFuture<List<String>> stream : streams) {
                assertThat(stream.get(STOP_SECONDS, TimeUnit.SECONDS).stream()
                                .filter(line -> line.startsWith("retry: ")))
                        .hasSizeGreaterThanOrEqualTo(2);
            }
            assertThat(process.errors()).isEmpty();
        }
    }

    @Test
    void aRedisThatCannotBeReachedAtTheStartIsSaidInOneLineWithoutItsPassword() throws Exception {
        String nowhere = "redis://:secret@127.0.0.1:" + RedisProcess.freePort();
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
            Seat seat = createRoom(process.uri());
            List<Socket> stalled = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                stalled.add(stall(seat));
            }
            for (int i = 0; i < MORE_THAN_THE_NETWORK_HOLDS; i++) {
                post(seat, LONG_TEXT);
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

    private List<CompletableFuture<List<String>>> openStreams(Seat seat) throws Exception {
        List<CompletableFuture<List<String>>> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            HttpRequest request = seat.request("/events")
                    .header("Accept", "text/event-stream")
                    .build();
            HttpResponse<Stream<String>> answer = client.send(request, ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            streams.add(CompletableFuture.supplyAsync(() -> answer.body().toList()));
        }
        return streams;
    }

    /** Asks for the stream and never reads it. */
    private static Socket stall(Seat seat) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress("localhost", seat.room().getPort()));
        String request = "GET %s/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n\r\n"
                .formatted(seat.room().getPath(), seat.bearer());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void post(Seat seat, String text) throws Exception {
        HttpRequest request = seat.request("/messages")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
                .build();
        assertThat(client.send(request, ofString()).statusCode()).isEqualTo(201);
    }

    private Seat createRoom(URI server) throws Exception {
        HttpRequest create = HttpRequest.newBuilder(server.resolve("/api/rooms"))
                .POST(BodyPublishers.noBody())
                .build();
        String membership = client.send(create, ofString()).body();
        URI room = server.resolve("/api/rooms/" + member("room\":\\{\"id", membership));
        return new Seat(room, "Bearer " + member("token", membership));
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri).build();
    }

    private static String member(String name, String json) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(matcher.find()).as(name).isTrue();
        return matcher.group(1);
    }

    private record Seat(URI room, String bearer) {

        HttpRequest.Builder request(String below) {
            return HttpRequest.newBuilder(URI.create(room + below)).header("Authorization", bearer);
        }
    }
}
