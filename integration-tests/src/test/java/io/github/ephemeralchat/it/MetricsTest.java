package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.SseClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The meters over the whole HTTP API, on Jetty: what they count, and what they never name. */
class MetricsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String NAME = "marker-of-a-name";
    private static final String TEXT = "marker-of-a-text";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EphemeralChatService service = EphemeralChatService.builder(MemoryRoomStore.create())
            .observer(new ChatMetrics(registry))
            .build();
    private final Container jetty = Container.jetty(new EphemeralChatServlet(
            service, ChatHttpSettings.builder().rateLimits(RateLimits.off()).build()));
    private final ChatClient client = ChatClient.of(jetty.base());

    @AfterEach
    void close() {
        jetty.close();
        service.close();
    }

    private double count(String name, String... tags) {
        Counter counter = registry.find("ephemeral.chat." + name).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    private double gauge(String name) {
        return registry.get("ephemeral.chat." + name).gauge().value();
    }

    private double total(String name) {
        return registry.get("ephemeral.chat." + name).functionCounter().count();
    }

    @Test
    void theCountsAreRight() {
        Seat anna = client.create(2);
        Seat ben = client.join(anna.room());
        List<CompletableFuture<byte[]>> streams =
                Stream.of(anna, anna, ben).map(this::stream).toList();
        Await.until(TIMEOUT, "three streams", () -> gauge("streams.active") == 3);
        for (int i = 0; i < 4; i++) {
            anna.post(TEXT + i);
        }
        anna.destroy();
        double bytes = streams.stream()
                .map(CompletableFuture::join)
                .mapToDouble(body -> body.length)
                .sum();

        Await.until(TIMEOUT, "no streams", () -> count("streams.closed") == 3);
        Await.until(TIMEOUT, "the end", () -> count("rooms.ended", "reason", "destroyed") == 1);
        assertThat(gauge("streams.active")).isZero();
        assertThat(count("streams.opened")).isEqualTo(3);
        assertThat(count("rooms.opened")).isEqualTo(1);
        assertThat(count("participants.joined")).isEqualTo(2);
        assertThat(count("messages.posted")).isEqualTo(4);
        assertThat(total("bytes.written")).isEqualTo(bytes);
        assertThat(registry.get("ephemeral.chat.store")
                        .tags("operation", "change", "outcome", "answered")
                        .timer()
                        .count())
                .isEqualTo(4);
    }

    /** Reads a stream to its end. */
    private CompletableFuture<byte[]> stream(Seat seat) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(jetty.base() + "/rooms/" + seat.room() + "/events"))
                .header("Authorization", "Bearer " + seat.token())
                .build();
        return client.http().sendAsync(request, BodyHandlers.ofByteArray()).thenApply(HttpResponse::body);
    }

    @Test
    void everyReaderTakesEveryEventOnce() {
        Seat anna = client.create(2);
        Seat ben = client.join(anna.room());
        SseClient first = anna.stream("", "");
        SseClient second = ben.stream("", "");
        anna.post(TEXT);
        Await.until(
                TIMEOUT,
                "the message",
                () -> first.types().contains("message") && second.types().contains("message"));
        assertThat(first.types()).contains("ready");
        assertThat(total("events.delivered"))
                .as("what is no event of the log is none of these")
                .isEqualTo((double) (logged(first) + logged(second)))
                .isEqualTo(6);
        first.close();
        second.close();
    }

    private static long logged(SseClient stream) {
        return stream.types().stream().filter(type -> !type.equals("ready")).count();
    }

    @Test
    void refusalsAreCountedByTheCodeThatClientsSee() {
        Seat anna = client.create(2);
        client.join(anna.room());
        List<String> codes = new ArrayList<>();
        codes.add(client.send("POST", "/rooms/" + anna.room() + "/participants", null, null)
                .json()
                .at("/code")
                .asText());
        codes.add(client.send("POST", "/rooms", null, "{").json().at("/code").asText());
        codes.add(client.send("GET", "/rooms/" + anna.room(), "wrong", null)
                .json()
                .at("/code")
                .asText());
        codes.add(client.send("POST", "/rooms/9zzzzzzz/participants", null, null)
                .json()
                .at("/code")
                .asText());
        codes.add(client.send("PUT", "/nowhere/" + NAME, null, null)
                .json()
                .at("/code")
                .asText());
        codes.add(anna.post("").json().at("/code").asText());

        assertThat(codes)
                .containsExactly(
                        "room_full", "invalid_json", "unauthorized", "room_not_found", "not_found", "invalid_request")
                .allSatisfy(code ->
                        assertThat(count("requests.refused", "code", code)).isEqualTo(1));
        assertThat(registry.find("ephemeral.chat.requests.refused").counters()).hasSize(6);
    }

    @Test
    void noMeterNamesARoomAPersonOrATextWhateverHappens() {
        Seat anna = client.create(5);
        client.send("POST", "/rooms/" + anna.room() + "/participants", null, "{\"name\":\"" + NAME + "\"}");
        SseClient one = anna.stream("", "");
        SseClient two = anna.stream("", "1-77");
        SseClient three = anna.stream("?lastEventId=" + NAME, "");
        anna.post(TEXT);
        client.send("GET", "/rooms/" + NAME, anna.token(), null);
        client.send("DELETE", "/rooms/" + anna.room() + "/participants/" + NAME, anna.token(), null);
        anna.destroy();
        anna.post(TEXT);
        List.of(one, two, three).forEach(SseClient::close);

        List<String> secrets = List.of(anna.room(), anna.token(), anna.id(), NAME, TEXT, "127.0.0.1");
        assertThat(registry.getMeters()).hasSizeGreaterThan(45);
        assertThat(leaks(registry, secrets)).isEmpty();
    }

    @Test
    void theCheckerFindsALeak() {
        registry.counter("ephemeral.chat.evil", "room", "the room " + NAME).increment();
        assertThat(leaks(registry, List.of(NAME))).hasSize(1);
        registry.counter("ephemeral.chat." + TEXT).increment();
        assertThat(leaks(registry, List.of(NAME, TEXT))).hasSize(2);
    }

    /** The meters that say one of the secrets in their name, their tags or their description. */
    private static List<Meter.Id> leaks(MeterRegistry registry, List<String> secrets) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> secrets.stream().anyMatch((id + " " + id.getDescription())::contains))
                .toList();
    }
}
