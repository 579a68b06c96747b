package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.tck.HistoryChecker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers with one Redis, seen from outside. */
class RedisTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final int RESTARTS = 4;
    private static final int MORE = 25;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HistoryChecker checker = new HistoryChecker();
    private final AtomicInteger posted = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    private RedisProcess redis;
    private RedisNode here;
    private RedisNode there;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start();
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
        Guest ada = Guest.creates(http, here.uri());
        Guest ben = ada.invites(there.uri());
        List<RoamingReader> readers = List.of(
                RoamingReader.start(ada, List.of(here.uri()), "ada", checker),
                RoamingReader.start(ben, List.of(there.uri()), "ben", checker));
        for (int i = 0; i < MORE; i++) {
            acknowledge(ada.posts(here.uri(), "from-ada-" + i), "from-ada-" + i);
            acknowledge(ben.posts(there.uri(), "from-ben-" + i), "from-ben-" + i);
        }
        awaitMessages(readers, 2 * MORE);
        assertThat(ada.destroys(here.uri()).statusCode()).isEqualTo(204);
        awaitEnd(readers, SOON);
        assertThat(checker.findings()).isEmpty();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.streams()).isEqualTo(1));
        assertThat(ben.looks(there.uri()).statusCode()).isEqualTo(401);
    }

    @Test
    void aRollingRestartLosesNothingAndDoublesNothing() throws Exception {
        restartOneByOne(List.of(here.uri(), there.uri()));
    }

    /** As behind a load balancer: clients know one address, and neither how many nodes there are nor which. */
    @Test
    void aRollingRestartBehindOneAddressLosesNothingAndDoublesNothing() throws Exception {
        try (CuttableProxy address = new CuttableProxy(List.of(here.uri(), there.uri()))) {
            restartOneByOne(List.of(address.uri()));
        }
    }

    private void restartOneByOne(List<URI> nodes) throws Exception {
        List<URI> nodesFromTheLast = nodes.stream()
                .sorted(Comparator.comparing(nodes::indexOf).reversed())
                .toList();
        Guest ada = Guest.creates(http, nodes.get(0));
        List<RoamingReader> readers = List.of(
                RoamingReader.start(ada, nodes, "ada", checker),
                RoamingReader.start(ada.invites(nodesFromTheLast.get(0)), nodesFromTheLast, "ben", checker),
                RoamingReader.start(ada.invites(nodes.get(0)), nodesFromTheLast, "eve", checker));
        CompletableFuture<Void> posting = CompletableFuture.runAsync(() -> post(ada, nodes));
        for (int i = 0; i < RESTARTS; i++) {
            RedisNode node = i % 2 == 0 ? here : there;
            awaitMessages(readers, posted.get() + MORE);
            node.close();
            awaitMessages(readers, posted.get() + MORE);
            node.start();
        }
        enough.set(true);
        posting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        awaitMessages(readers, posted.get());
        assertThat(ada.destroys(here.uri()).statusCode()).isEqualTo(204);
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
        Guest ada = Guest.creates(http, here.uri());
        redis.kill();
        HttpResponse<String> refused = ada.posts(here.uri(), "too-soon");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        redis.restart();
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> Guest.creates(http, here.uri()));
    }

    /** Each text goes to one node after the other until one of them has acknowledged it. */
    private void post(Guest guest, List<URI> nodes) {
        for (int i = 0; !enough.get(); i++) {
            String text = "text-" + i;
            for (int node = i; !isStored(guest, nodes.get(node % nodes.size()), text); node++) {
                Thread.onSpinWait();
            }
            posted.incrementAndGet();
        }
    }

    private boolean isStored(Guest guest, URI node, String text) {
        try {
            HttpResponse<String> answer = guest.posts(node, text);
            if (answer.statusCode() == 503) {
                return false;
            }
            acknowledge(answer, text);
            Thread.sleep(2);
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void acknowledge(HttpResponse<String> answer, String text) {
        assertThat(answer.statusCode()).isIn(200, 201);
        checker.acknowledged(Long.parseLong(Guest.member("sequence", answer.body())), text);
    }

    private static void awaitMessages(List<RoamingReader> readers, int count) {
        await().atMost(PATIENCE)
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
