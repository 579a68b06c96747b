package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers with one Redis, seen from outside. */
class RedisTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final int RESTARTS = 4;
    private static final int MORE = 25;
    private static final int GUESSERS = 8;
    private static final Duration GUESSING = Duration.ofSeconds(6);

    private final HistoryChecker checker = new HistoryChecker();
    private final AtomicInteger posted = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    private RedisProcess redis;
    private RedisNode here;
    private RedisNode there;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.startWithPassword();
        here = new RedisNode(redis);
        there = new RedisNode(redis);
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
        redis.close();
    }

    @Test
    void participantsOnTwoNodesReadEachOtherUntilOneOfThemEndsTheRoom() throws Exception {
        Seat ada = client(here.uri()).create();
        Seat ben = client(there.uri()).join(ada.room());
        List<RoamingReader> readers = List.of(
                RoamingReader.start(ada, List.of(here.uri()), "ada", checker),
                RoamingReader.start(ben, List.of(there.uri()), "ben", checker));
        for (int i = 0; i < MORE; i++) {
            acknowledge(ada.at(here.uri()).post("from-ada-" + i, "from-ada-" + i), "from-ada-" + i);
            acknowledge(ben.at(there.uri()).post("from-ben-" + i, "from-ben-" + i), "from-ben-" + i);
        }
        awaitMessages(readers, 2 * MORE);
        assertThat(ada.destroy().status()).isEqualTo(204);
        awaitEnd(readers, SOON);
        assertThat(checker.findings()).isEmpty();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.streams()).isEqualTo(1));
        assertThat(ben.look().status()).isEqualTo(401);
    }

    @Test
    void node_isReady_asLongAsRedisDelivers() {
        Await.until(TIMEOUT, "the node is ready", () -> status("/health/ready") == 200);
        redis.freeze();
        Await.until(TIMEOUT.multipliedBy(2), "the node is not ready", () -> status("/health/ready") == 503);
        assertThat(status("/health/live")).isEqualTo(200);
        redis.thaw();
        Await.until(TIMEOUT.multipliedBy(3), "the node is ready again", () -> status("/health/ready") == 200);
    }

    private int status(String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(here.uri().resolve(path)).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRollingRestartLosesNothingAndDoublesNothing() throws Exception {
        restartOneByOne(List.of(here.uri(), there.uri()));
    }

    /** As behind a load balancer: clients know one address, and neither how many nodes there are nor which. */
    @Test
    void aRollingRestartBehindOneAddressLosesNothingAndDoublesNothing() throws Exception {
        try (TcpProxy address = new TcpProxy(here.uri(), there.uri())) {
            restartOneByOne(List.of(address.uri().resolve("/api")));
        }
    }

    private void restartOneByOne(List<URI> nodes) throws Exception {
        List<URI> nodesFromTheLast = nodes.stream()
                .sorted(Comparator.comparing(nodes::indexOf).reversed())
                .toList();
        Seat ada = client(nodes.get(0)).create();
        List<RoamingReader> readers = List.of(
                RoamingReader.start(ada, nodes, "ada", checker),
                RoamingReader.start(client(nodesFromTheLast.get(0)).join(ada.room()), nodesFromTheLast, "ben", checker),
                RoamingReader.start(client(nodes.get(0)).join(ada.room()), nodesFromTheLast, "eve", checker));
        CompletableFuture<Void> posting = CompletableFuture.runAsync(() -> post(ada, nodes));
        for (int i = 0; i < RESTARTS; i++) {
            RedisNode node = i % 2 == 0 ? here : there;
            awaitMessages(readers, posted.get() + MORE);
            node.close();
            awaitMessages(readers, posted.get() + MORE);
            node.start();
        }
        enough.set(true);
        posting.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        awaitMessages(readers, posted.get());
        assertThat(ada.at(here.uri()).destroy().status()).isEqualTo(204);
        awaitEnd(readers, SOON);
        assertThat(checker.findings()).isEmpty();
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.messages()).isEqualTo(posted.get());
            assertThat(reader.streams()).as("it went on elsewhere").isGreaterThan(2);
        });
        System.out.printf("chat server: %d messages through %d restarts%n", posted.get(), RESTARTS);
    }

    @Test
    void aRedisThatGoesAwayIsAnsweredForUntilItComesBack() throws Exception {
        Seat ada = client(here.uri()).create();
        redis.kill();
        Answer refused = ada.post("too-soon");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isNotEmpty();
        redis.restart();
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> client(here.uri()).create());
    }

    /** Nothing else holds guesses back here: the limits per address are off, as if each came from another address. */
    @Test
    void guessesOfAProofOnTwoNodesAreFewAndHoldNoMemberUp() throws Exception {
        Seat ada = createWithProof();
        Seat ben = new Seat(client(here.uri()), ada.room(), ada.token(), ada.id());
        AtomicInteger judged = new AtomicInteger();
        long start = System.nanoTime();
        List<CompletableFuture<Void>> guessers = IntStream.range(0, GUESSERS)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> guess(ada.room(), i, judged), task -> new Thread(task, "guesser").start()))
                .toList();
        List<Long> millis = new ArrayList<>();
        while (System.nanoTime() - start < GUESSING.toNanos()) {
            long before = System.nanoTime();
            URI node = millis.size() % 2 == 0 ? here.uri() : there.uri();
            assertThat(ben.at(node).post("among-guesses").status()).isEqualTo(201);
            assertThat(ben.at(node).look().status()).isEqualTo(200);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
        }
        enough.set(true);
        for (CompletableFuture<Void> guesser : guessers) {
            guesser.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);

        // Ten are free; each later one makes the next wait, 1 second at first, then twice as long each time.
        int waits = Long.SIZE - Long.numberOfLeadingZeros(seconds + 1);
        assertThat(judged).hasValueBetween(11, 10 + 1 + waits);
        millis.sort(null);
        assertThat(millis.get(millis.size() / 2))
                .as("a member's post and look, in ms")
                .isLessThan(500);
    }

    private Seat createWithProof() {
        String body = "{\"ttlMinutes\":10,\"maxParticipants\":10,\"proof\":\"" + "r".repeat(43) + "\"}";
        Answer created = client(here.uri()).send("POST", "/rooms", null, body);
        assertThat(created.status()).isEqualTo(201);
        return new Seat(
                client(here.uri()),
                created.json().at("/room/id").asText(),
                created.text("token"),
                created.json().at("/participant/id").asText());
    }

    private void guess(String room, int guesser, AtomicInteger judged) {
        ChatClient client = client(guesser % 2 == 0 ? here.uri() : there.uri());
        for (int i = 0; !enough.get(); i++) {
            String proof = "guess-%d-%d-".formatted(guesser, i) + "w".repeat(30);
            Answer answer =
                    client.send("POST", "/rooms/" + room + "/participants", null, "{\"proof\":\"" + proof + "\"}");
            if (answer.text("code").equals("wrong_proof")) {
                judged.incrementAndGet();
            } else {
                assertThat(answer.text("code")).isEqualTo("rate_limited");
                assertThat(answer.header("retry-after")).isNotEmpty();
            }
        }
    }

    private static ChatClient client(URI node) {
        return ChatClient.of(node, ANSWERED_WITHIN);
    }

    /** Each text goes to one node after the other until one of them has acknowledged it. */
    private void post(Seat seat, List<URI> nodes) {
        for (int i = 0; !enough.get(); i++) {
            String text = "text-" + i;
            for (int node = i; !isStored(seat, nodes.get(node % nodes.size()), text); node++) {
                Thread.onSpinWait();
            }
            posted.incrementAndGet();
        }
    }

    private boolean isStored(Seat seat, URI node, String text) {
        try {
            Answer answer = seat.at(node).post(text, text);
            if (answer.status() == 503) {
                return false;
            }
            acknowledge(answer, text);
            Thread.sleep(2);
            return true;
        } catch (UncheckedIOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void acknowledge(Answer answer, String text) {
        assertThat(answer.status()).isIn(200, 201);
        checker.acknowledged(Long.parseLong(answer.text("sequence")), text);
    }

    private static void awaitMessages(List<RoamingReader> readers, int count) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(readers)
                        .allSatisfy(reader -> assertThat(reader.messages()).isGreaterThanOrEqualTo(count)));
    }

    private static void awaitEnd(List<RoamingReader> readers, Duration limit) {
        await().atMost(limit)
                .untilAsserted(() -> assertThat(readers)
                        .allSatisfy(reader -> assertThat(reader.end()).isEqualTo("destroyed")));
        assertThat(readers).allSatisfy(reader -> assertThat(reader.surprises()).isEmpty());
    }
}
