package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.SseClient.Event;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Reads a room to its end: where a stream ends, the next node's goes on after the last event. */
final class RoamingReader {

    private static final long PAUSE_MILLIS = 20;

    private final Seat seat;
    private final List<URI> nodes;
    private final String name;
    private final HistoryChecker checker;
    private final Thread thread = new Thread(this::roam, "reader");
    private final List<String> others = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();

    // Written by the thread of the present stream.
    private volatile String lastEventId = "";
    private volatile String end = "";

    private RoamingReader(Seat seat, List<URI> nodes, String name, HistoryChecker checker) {
        this.seat = seat;
        this.nodes = nodes;
        this.name = name;
        this.checker = checker;
        thread.setDaemon(true);
    }

    /** Begins with the first node. */
    static RoamingReader start(Seat seat, List<URI> nodes, String name, HistoryChecker checker) {
        checker.begins(name, 0);
        RoamingReader reader = new RoamingReader(seat, nodes, name, checker);
        reader.thread.start();
        return reader;
    }

    int streams() {
        return streams.get();
    }

    int messages() {
        return messages.get();
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
        try (SseClient stream = seat.at(node).stream("", lastEventId, this::take)) {
            if (stream.status() == 200) {
                streams.incrementAndGet();
                stream.awaitEnd(Duration.ofMinutes(2));
            } else if (stream.status() != 503) {
                refusals.add("status " + stream.status());
            }
        } catch (UncheckedIOException e) {
            // The node is away: the next one, then.
        }
    }

    private void take(Event event) {
        switch (event.type()) {
            case "message" -> {
                checker.received(name, Long.parseLong(event.text("sequence")), event.text("text"));
                messages.incrementAndGet();
            }
            case "destroyed" -> end = event.text("reason");
            case "joined", "ready", "retry", ":" -> {}
            default -> others.add(event.type());
        }
        lastEventId = event.id().isEmpty() ? lastEventId : event.id();
    }
}
