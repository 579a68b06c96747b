package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.SseClient.Event;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sees of event streams, the same through every server. */
abstract class StreamContract {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration NOT_BEFORE = Duration.ofSeconds(30);
    private static final int MANY_BIG = 750;

    private EphemeralChatService service;
    private ChatHttpServer server;
    private ChatClient client;

    abstract ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings);

    @BeforeEach
    void start() {
        service = EphemeralChatService.create(MemoryRoomStore.create());
        server = open(
                service, ChatHttpSettings.builder().rateLimits(RateLimits.off()).build());
        client = ChatClient.of(server.base());
    }

    @AfterEach
    void stop() {
        server.close();
        service.close();
    }

    private static Event await(SseClient stream, String type) {
        Await.until(SOON, "an event " + type, () -> !stream.events(type).isEmpty());
        return stream.events(type).get(0);
    }

    @Test
    void aStreamOpensWithItsHeadersAndTheHistory() {
        Seat owner = client.create(5);
        owner.post("first");
        try (SseClient stream = owner.stream("", "")) {
            assertThat(stream.response().statusCode()).isEqualTo(200);
            assertThat(stream.response().headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(stream.response().headers().firstValue("Cache-Control")).hasValue("no-store, no-transform");
            assertThat(stream.response().headers().firstValue("X-Accel-Buffering"))
                    .hasValue("no");
            assertThat(stream.response().headers().firstValue("X-Content-Type-Options"))
                    .hasValue("nosniff");
            assertThat(await(stream, "ready").id()).matches("2-[0-9]+");
            assertThat(stream.events().get(0).data()).isEqualTo(" open");
            assertThat(stream.types()).containsExactly("joined", "message", "ready");
            assertThat(Integer.parseInt(stream.events("retry").get(0).data())).isBetween(1000, 4000);
        }
    }

    @Test
    void aMessageComesAtOnceWithItsIdAndOnOneLine() {
        Seat owner = client.create(5);
        try (SseClient stream = owner.stream("?from=now", "")) {
            Event ready = await(stream, "ready");
            assertThat(ready.id()).matches("1-[0-9]+");
            assertThat(ready.data()).isEqualTo("{}");
            String evil = "a\nid: 9-9\ndata: x\r\n\r\nevent: destroyed\u2028\u2029\u0085\r.";
            owner.post(evil, "my-id");
            Event message = await(stream, "message");
            assertThat(message.id()).matches("2-[0-9]+");
            assertThat(Answer.parse(message.data()).get("text").asText()).isEqualTo(evil);
            assertThat(Answer.parse(message.data()).get("id").asText()).isEqualTo("my-id");
            assertThat(stream.types()).containsExactly("ready", "message");
        }
    }

    @Test
    void aStreamResumesAfterTheIdThatItHas() {
        Seat owner = client.create(5);
        IntStream.range(0, 10).forEach(i -> owner.post("m" + i));
        String fifth;
        try (SseClient stream = owner.stream("", "")) {
            Await.until(SOON, "all", () -> stream.events("message").size() == 10);
            fifth = stream.events("message").get(4).id();
        }
        try (SseClient byHeader = owner.stream("?lastEventId=1-1&from=now", fifth);
                SseClient byQuery = owner.stream("?lastEventId=" + fifth, "")) {
            for (SseClient stream : List.of(byHeader, byQuery)) {
                await(stream, "ready");
                assertThat(stream.types())
                        .containsExactly("message", "message", "message", "message", "message", "ready");
            }
        }
        try (SseClient forked = owner.stream("?lastEventId=6-1", "")) {
            assertThat(await(forked, "reset").data()).isEqualTo("{\"reason\":\"forked\",\"firstSequence\":1}");
            Await.until(SOON, "all anew", () -> forked.events("message").size() == 10);
            assertThat(forked.events("reset").get(0).id()).isEmpty();
        }
        assertThat(owner.stream("?lastEventId=x", "").response().statusCode()).isEqualTo(400);
    }

    @Test
    void destroyingEndsEveryStreamWithOneWord() {
        Seat owner = client.create(5);
        Seat guest = client.join(owner.room());
        try (SseClient one = owner.stream("", "");
                SseClient two = guest.stream("", "")) {
            await(one, "joined");
            await(two, "joined");
            assertThat(guest.destroy().status()).isEqualTo(204);
            for (SseClient stream : List.of(one, two)) {
                assertThat(await(stream, "destroyed").data()).isEqualTo("{\"reason\":\"destroyed\"}");
                Await.until(SOON, "its end", stream::isEnded);
                assertThat(stream.types()).endsWith("destroyed").containsOnlyOnce("destroyed");
            }
        }
        assertThat(owner.stream("", "").response().statusCode()).isEqualTo(401);
    }

    @Test
    void leavingEndsThatParticipantsStreams() {
        Seat owner = client.create(5);
        Seat guest = client.join(owner.room());
        try (SseClient hers = owner.stream("", "");
                SseClient his = guest.stream("", "")) {
            await(his, "joined");
            guest.leave();
            await(his, "left");
            Await.until(SOON, "its end", his::isEnded);
            await(hers, "left");
            owner.post("alone");
            await(hers, "message");
            assertThat(his.types()).doesNotContain("message");
        }
        assertThat(guest.stream("", "").response().statusCode()).isEqualTo(401);
    }

    @Test
    void theOldestStreamGivesWayToTheNinth() {
        Seat owner = client.create(5);
        List<SseClient> streams = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            streams.add(owner.stream("?from=now", ""));
            await(streams.get(i), "ready");
        }
        Await.until(SOON, "the oldest ends", streams.get(0)::isEnded);
        assertThat(streams.get(0).types()).containsExactly("ready", "replaced");
        owner.post("for the others");
        streams.subList(1, 9).forEach(stream -> await(stream, "message"));
        streams.forEach(SseClient::close);
    }

    @Test
    void closingTheDoorSaysWhenToComeBackAndEndsEveryStream() {
        Seat owner = client.create(5);
        try (SseClient stream = owner.stream("", "")) {
            await(stream, "joined");
            server.endStreams();
            Await.until(SOON, "its end", stream::isEnded);
            assertThat(stream.events("retry")).hasSize(2);
            assertThat(stream.types()).doesNotContain("destroyed");
        }
    }

    @Test
    void silenceIsBrokenByAHeartbeatWithin15Seconds() {
        Seat owner = client.create(5);
        try (SseClient stream = owner.stream("?from=now", "")) {
            Event ready = await(stream, "ready");
            Await.until(
                    Duration.ofSeconds(17),
                    "a heartbeat",
                    () -> stream.events(":").size() == 2);
            Event heartbeat = stream.events(":").get(1);
            assertThat(Duration.ofNanos(heartbeat.nanos() - ready.nanos())).isLessThan(Duration.ofMillis(15_500));
        }
    }

    @Test
    void aReaderThatStopsDelaysNobodyAndIsCutOff() throws IOException {
        Seat owner = client.create(5);
        Seat guest = client.join(owner.room());
        try (Socket stopped = owner.stalledStream();
                SseClient reading = guest.stream("?from=now", "")) {
            await(reading, "ready");
            assertThat(server.streamCount()).isEqualTo(2);
            long begin = System.nanoTime();
            postUntilStuck(owner);
            Await.until(
                    SOON,
                    "the reading one has all",
                    () -> reading.events("message").size() == MANY_BIG);
            boolean isThere = server.streamCount() == 2;
            assertThat(isThere || System.nanoTime() - begin > NOT_BEFORE.toNanos())
                    .as("the stopped one is given its time, which on a slow machine is over by now")
                    .isTrue();
            Await.until(Duration.ofSeconds(36), "the stopped one is cut off", () -> server.streamCount() == 1);
            assertThat(stopped.isClosed()).as("by the server, not by us").isFalse();
        }
    }

    @Test
    void aReaderThatStopsHoldsNothingLongAfterTheRoomsEnd() throws IOException {
        Seat owner = client.create(5);
        try (Socket stopped = owner.stalledStream()) {
            postUntilStuck(owner);
            assertThat(server.streamCount()).isEqualTo(1);
            owner.destroy();
            Await.until(Duration.ofSeconds(5), "the stopped one is let go", () -> server.streamCount() == 0);
            assertThat(stopped.isClosed()).as("by the server, not by us").isFalse();
        }
    }

    /** 12 MB, more than all buffers on the way take, in few posts: they have to be done before the stream is cut off. */
    private static void postUntilStuck(Seat seat) {
        String big = "\uD83D\uDE80".repeat(4000);
        for (int i = 0; i < MANY_BIG; i++) {
            assertThat(seat.post(big).status()).isEqualTo(201);
        }
    }

    @Test
    void everyoneWhoDisconnectsAndResumesSeesEachMessageOnce() throws Exception {
        int writers = 8;
        int perWriter = 500;
        int readers = 20;
        Seat owner = client.create(100);
        HistoryChecker checker = new HistoryChecker();
        AtomicInteger writing = new AtomicInteger(writers);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> all = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            Seat seat = client.join(owner.room());
            all.add(threads.submit(() -> {
                for (int i = 0; i < perWriter; i++) {
                    String payload = "payload " + (writer * perWriter + i + 1);
                    Answer answer = seat.post(payload);
                    assertThat(answer.status()).isEqualTo(201);
                    checker.acknowledged(answer.json().get("sequence").asLong(), payload);
                }
                writing.decrementAndGet();
            }));
        }
        for (int r = 0; r < readers; r++) {
            int reader = r;
            Seat seat = client.join(owner.room());
            all.add(threads.submit(
                    () -> new CuttingReader(seat, "reader " + reader, checker).read(writers * perWriter)));
        }
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();
        assertThat(checker.findings()).isEmpty();
    }
}
