package io.github.ephemeralchat.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client of one event stream that keeps its events, parsed as the standard for Server-Sent Events says. */
public final class SseClient implements AutoCloseable {

    private static final int OK = 200;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(10);

    /**
     * One event. A comment is an event of type {@code ":"}, a reconnection time one of type {@code "retry"}.
     *
     * @param id its id, or an empty text
     * @param type its type
     * @param data its data
     * @param nanos when it came, by {@link System#nanoTime()}
     */
    public record Event(String id, String type, String data, long nanos) {

        /**
         * {@return the value of the first member of the data with this name, however deep it is}
         *
         * @param member the name
         */
        public String text(String member) {
            return Answer.text(data, member);
        }
    }

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final HttpResponse<InputStream> response;
    private final Consumer<Event> listener;
    private final Thread reader = new Thread(this::read, "sse-client");

    // Confined to the reader.
    private String id = "";
    private String type = "";
    private @Nullable String data;

    private SseClient(HttpResponse<InputStream> response, Consumer<Event> listener) {
        this.response = response;
        this.listener = listener;
        reader.setDaemon(true);
    }

    /**
     * {@return a stream whose response has begun}
     *
     * @param http what sends the request
     * @param uri where the stream is
     * @param token the token of a seat; an empty one is not sent
     * @param lastEventId the id to resume after; an empty one is not sent
     * @param listener called with each event, on the stream's thread
     */
    public static SseClient open(HttpClient http, URI uri, String token, String lastEventId, Consumer<Event> listener) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        SseClient client =
                new SseClient(Answer.send(http, request.build(), HttpResponse.BodyHandlers.ofInputStream()), listener);
        if (client.status() == OK) {
            client.reader.start();
        }
        return client;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line);
            }
        } catch (IOException e) {
            // The connection was closed, by this client or by the server.
        }
    }

    private void take(String line) {
        if (line.startsWith(":")) {
            add("", ":", line.substring(1));
        } else if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("event: ")) {
            type = line.substring(7);
        } else if (line.startsWith("data: ")) {
            data = data == null ? line.substring(6) : data + "\n" + line.substring(6);
        } else if (line.startsWith("retry: ")) {
            add("", "retry", line.substring(7));
        } else if (line.isEmpty()) {
            dispatch();
        } else {
            add("", "malformed", line);
        }
    }

    private void dispatch() {
        if (data != null) {
            add(id, type, data);
        }
        id = "";
        type = "";
        data = null;
    }

    private void add(String eventId, String eventType, String eventData) {
        Event event = new Event(eventId, eventType, eventData, System.nanoTime());
        events.add(event);
        listener.accept(event);
    }

    /** {@return the response; its body is read by this client if its status is 200} */
    public HttpResponse<InputStream> response() {
        return response;
    }

    /** {@return the status of the response} */
    public int status() {
        return response.statusCode();
    }

    /** {@return the events that have come} */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /**
     * {@return the events of one type that have come}
     *
     * @param wanted the type
     */
    public List<Event> events(String wanted) {
        return events.stream().filter(event -> event.type().equals(wanted)).toList();
    }

    /** {@return the types of the events that a page would see, without comments and reconnection times} */
    public List<String> types() {
        return events.stream()
                .map(Event::type)
                .filter(each -> !each.equals(":") && !each.equals("retry"))
                .toList();
    }

    /**
     * Waits up to 10 s for an event.
     *
     * @param wanted its type
     * @param part what its data contains
     */
    public void await(String wanted, String part) {
        Awaitility.await(wanted + " with " + part)
                .atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() ->
                        events(wanted).stream().anyMatch(event -> event.data().contains(part)));
    }

    /** {@return whether the stream has ended, and all of its events are here} */
    public boolean isEnded() {
        return !reader.isAlive();
    }

    /**
     * Waits for the end of the stream.
     *
     * @param limit how long
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void awaitEnd(Duration limit) throws InterruptedException {
        reader.join(limit.toMillis());
        if (reader.isAlive()) {
            throw new AssertionError("the stream has not ended within " + limit);
        }
    }

    /** Closes the connection. */
    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
