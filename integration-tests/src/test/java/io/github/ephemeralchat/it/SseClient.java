package io.github.ephemeralchat.it;

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
import java.util.ArrayList;
import java.util.List;

/** A client of one event stream that keeps what it hears, parsed as the standard for Server-Sent Events says. */
final class SseClient implements AutoCloseable {

    /** One event: comments are events of type ":" and a retry is one of type "retry". */
    record Event(String id, String type, String data, long nanos) {}

    private final List<Event> events = new ArrayList<>();
    private final HttpResponse<InputStream> response;
    private final Thread reader;
    private volatile boolean ended;

    private SseClient(HttpResponse<InputStream> response) {
        this.response = response;
        this.reader = new Thread(this::read, "sse-client");
        reader.setDaemon(true);
        if (response.statusCode() == 200) {
            reader.start();
        }
    }

    static SseClient open(HttpClient http, URI uri, String token, String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + token);
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return new SseClient(http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String type = "";
            String data = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    add(new Event("", ":", line.substring(1), System.nanoTime()));
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = data == null ? line.substring(6) : data + "\n" + line.substring(6);
                } else if (line.startsWith("retry: ")) {
                    add(new Event("", "retry", line.substring(7), System.nanoTime()));
                } else if (line.isEmpty()) {
                    if (data != null) {
                        add(new Event(id, type, data, System.nanoTime()));
                    }
                    id = "";
                    type = "";
                    data = null;
                } else {
                    add(new Event("", "malformed", line, System.nanoTime()));
                }
            }
        } catch (IOException e) {
            // The connection was cut, by us or by the server.
        } finally {
            ended = true;
        }
    }

    private void add(Event event) {
        synchronized (events) {
            events.add(event);
        }
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    List<Event> events(String type) {
        return events().stream().filter(event -> event.type().equals(type)).toList();
    }

    /** The events that a page would see, without comments and retries. */
    List<String> types() {
        return events().stream()
                .map(Event::type)
                .filter(type -> !type.equals(":") && !type.equals("retry"))
                .toList();
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
