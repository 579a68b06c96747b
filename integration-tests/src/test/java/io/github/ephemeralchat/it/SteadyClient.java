package io.github.ephemeralchat.it;

import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Somebody who posts a message each 20 ms, each over a connection of its own, while something else goes on. */
final class SteadyClient implements AutoCloseable {

    private static final int PAUSE_MILLIS = 20;

    /** A connection may be closed before it has sent anything; then every browser tries again. */
    private static final int ATTEMPTS = 10;

    private final Seat seat;
    private final int port;
    private final Thread thread = new Thread(this::post, "steady-client");
    private final List<String> failures = new ArrayList<>();
    private volatile boolean ended;
    private int posted;
    private long longest;

    private SteadyClient(Seat seat, int port) {
        this.seat = seat;
        this.port = port;
    }

    static SteadyClient start(Seat seat, int port) {
        SteadyClient client = new SteadyClient(seat, port);
        client.thread.start();
        return client;
    }

    private void post() {
        while (!ended) {
            long begin = System.nanoTime();
            String answer = send("m" + posted);
            longest = Math.max(longest, System.nanoTime() - begin);
            if (answer.startsWith("HTTP/1.1 201 ") || answer.startsWith("HTTP/1.1 200 ")) {
                posted++;
            } else {
                failures.add(answer);
            }
            pause();
        }
    }

    private String send(String text) {
        String body = "{\"text\":\"" + text + "\",\"id\":\"" + text + "\"}";
        String request = "POST /api/rooms/" + seat.room()
                + "/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nAuthorization: Bearer " + seat.token() + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        String failure = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (RawConnection connection = RawConnection.to(port)) {
                return connection.send(request).answer();
            } catch (IOException | UncheckedIOException e) {
                failure = e.toString();
                pause();
            }
        }
        return failure;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it, and returns what it has posted. */
    int end() throws InterruptedException {
        close();
        thread.join();
        return posted;
    }

    List<String> failures() {
        return failures;
    }

    Duration longest() {
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() {
        ended = true;
    }
}
