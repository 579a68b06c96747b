package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RawConnection;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.SseClient.Event;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Somebody in a room of their own, who posts, reads a stream, asks for the room, and now and then comes over a new connection,
 * all the while and within the usual rate limits.
 */
final class NormalClient {

    /** However busy the machine is. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);

    private static final int PAUSE_MILLIS = 25;

    /** Of so many requests one is a post, and one comes over a new connection. */
    private static final int ROUND = 10;

    private static final String NAME = "the normal client";

    private final URI base;
    private final Seat seat;
    private final SseClient stream;
    private final HistoryChecker checker = new HistoryChecker();
    private final Thread thread = new Thread(this::run, "normal-client");
    private volatile boolean stopping;

    // Confined to the thread, and to whoever has joined it.
    private final List<Long> answers = new ArrayList<>();
    private final Map<Long, Long> sentAt = new HashMap<>();
    private Throwable failure;

    private NormalClient(URI base) {
        this.base = base;
        this.seat = ChatClient.of(base, ANSWERED_WITHIN).create(2);
        this.stream = seat.stream("", "");
        checker.begins(NAME, 0);
        thread.setDaemon(true);
    }

    static NormalClient start(URI base) {
        NormalClient client = new NormalClient(base);
        client.thread.start();
        return client;
    }

    private void run() {
        try {
            for (int i = 0; !stopping; i++) {
                long begin = System.nanoTime();
                step(i);
                answers.add(System.nanoTime() - begin);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (Exception | AssertionError e) {
            failure = e;
        }
    }

    private void step(int i) throws IOException {
        switch (i % ROUND) {
            case 0 -> post("text " + i);
            case ROUND / 2 -> lookOverNewConnection();
            default -> assertThat(seat.look().status()).isEqualTo(200);
        }
    }

    private void post(String text) {
        long begin = System.nanoTime();
        Answer answer = seat.post(text);
        assertThat(answer.status()).isEqualTo(201);
        long sequence = answer.json().get("sequence").asLong();
        sentAt.put(sequence, begin);
        checker.acknowledged(sequence, text);
    }

    private void lookOverNewConnection() throws IOException {
        try (RawConnection connection = RawConnection.to(base.getPort())) {
            String request = RawRequest.head("GET", "/rooms/" + seat.room(), RawRequest.bearer(seat.token()));
            assertThat(RawRequest.status(connection.send(request + "\r\n").answer()))
                    .isEqualTo(200);
        }
    }

    /**
     * Stops, and checks that every request was answered in time, and that each message came once and in order.
     *
     * @return the figures, for people
     */
    String finish() throws InterruptedException {
        stopping = true;
        thread.join();
        assertThat(failure).as(NAME + " is served all the while").isNull();
        Await.until(
                ANSWERED_WITHIN, "all messages", () -> stream.events("message").size() >= sentAt.size());
        List<Long> deliveries = new ArrayList<>();
        for (Event event : stream.events("message")) {
            JsonNode json = Answer.parse(event.data());
            long sequence = json.get("sequence").asLong();
            checker.received(NAME, sequence, json.get("text").asText());
            deliveries.add(event.nanos() - sentAt.getOrDefault(sequence, 0L));
        }
        assertThat(checker.findings()).isEmpty();
        assertThat(stream.events("reset")).isEmpty();
        assertThat(Duration.ofNanos(Collections.max(answers))).isLessThan(ANSWERED_WITHIN);
        stream.close();
        return figures("answers", answers) + "; " + figures("deliveries", deliveries);
    }

    private static String figures(String what, List<Long> nanos) {
        Collections.sort(nanos);
        return String.format(
                Locale.ROOT,
                "%d %s, p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
                nanos.size(),
                what,
                millis(nanos, 50),
                millis(nanos, 99),
                millis(nanos, 100));
    }

    private static double millis(List<Long> sorted, int percentile) {
        int rank = (int) Math.ceil(percentile / 100.0 * sorted.size());
        return sorted.get(Math.max(0, rank - 1)) / 1e6;
    }
}
