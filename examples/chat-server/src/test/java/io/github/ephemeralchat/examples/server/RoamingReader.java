package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpResponse.BodyHandlers.ofLines;

import io.github.ephemeralchat.tck.HistoryChecker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads a room to its end: where a stream ends, the next node's goes on after the last event. */
final class RoamingReader {

    private static final long PAUSE_MILLIS = 20;

    private final Guest guest;
    private final List<URI> nodes;
    private final String name;
    private final HistoryChecker checker;
    private final Thread thread = new Thread(this::roam, "reader");
    private final List<String> others = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    // Written by the thread alone.
    private volatile int streams;
    private volatile int messages;
    private volatile String lastEventId = "";
    private volatile String end = "";

    private RoamingReader(Guest guest, List<URI> nodes, String name, HistoryChecker checker) {
        this.guest = guest;
        this.nodes = nodes;
        this.name = name;
        this.checker = checker;
        thread.setDaemon(true);
    }

    /** Begins with the first node. */
    static RoamingReader start(Guest guest, List<URI> nodes, String name, HistoryChecker checker) {
        checker.begins(name, 0);
        RoamingReader reader = new RoamingReader(guest, nodes, name, checker);
        reader.thread.start();
        return reader;
    }

    int streams() {
        return streams;
    }

    int messages() {
        return messages;
    }

    /** Why the room ended; empty as long as it is not known. */
    String end() {
        return end;
    }

    /** Events that are no message and no participant's coming, and answers that are no stream. Read it after the end. */
    List<String> surprises() {
        return Stream.concat(others.stream(), refusals.stream()).toList();
    }

    private void roam() {
        try {
            for (int i = 0; end.isEmpty(); i++) {
                read(nodes.get(i % nodes.size()));
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(URI node) throws InterruptedException {
        try {
            var request = guest.at(node, "/events");
            if (!lastEventId.isEmpty()) {
                request.header("Last-Event-ID", lastEventId);
            }
            HttpResponse<Stream<String>> answer = guest.http().send(request.build(), ofLines());
            try (Stream<String> lines = answer.body()) {
                if (answer.statusCode() == 200) {
                    streams++;
                    take(lines.iterator());
                } else if (answer.statusCode() != 503) {
                    refusals.add("status " + answer.statusCode());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The node is gone: the next one, then.
        }
    }

    private void take(Iterator<String> lines) {
        Map<String, String> event = new HashMap<>();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.isEmpty()) {
                take(event);
                event.clear();
            } else if (line.contains(": ")) {
                event.put(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2));
            }
        }
    }

    private void take(Map<String, String> event) {
        String type = event.getOrDefault("event", "");
        String data = event.getOrDefault("data", "");
        if (type.equals("message")) {
            checker.received(name, Long.parseLong(Guest.member("sequence", data)), Guest.member("text", data));
            messages++;
        } else if (type.equals("destroyed")) {
            end = Guest.member("reason", data);
        } else if (!type.isEmpty() && !type.equals("joined")) {
            others.add(type);
        }
        lastEventId = event.getOrDefault("id", lastEventId);
    }
}
