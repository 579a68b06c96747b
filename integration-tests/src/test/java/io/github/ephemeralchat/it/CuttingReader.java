package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.SseClient.Event;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A reader who cuts its own connection again and again, and resumes with the last id that it has. */
final class CuttingReader {

    private static final long TIMEOUT_NANOS = 90_000_000_000L;

    private final Seat seat;
    private final String name;
    private final HistoryChecker checker;
    private final Random random;
    private String last = "";
    private int got;

    CuttingReader(Seat seat, String name, HistoryChecker checker) {
        this.seat = seat;
        this.name = name;
        this.checker = checker;
        this.random = new Random(name.hashCode());
    }

    void read(int messages) {
        checker.begins(name, 0);
        long begin = System.nanoTime();
        while (got < messages) {
            assertThat(System.nanoTime() - begin).as("%s has %d", name, got).isLessThan(TIMEOUT_NANOS);
            try (SseClient stream = seat.stream("", last)) {
                listen(stream, messages - got);
                take(stream);
            }
        }
    }

    private void listen(SseClient stream, int wanted) {
        long until = System.nanoTime() + (20 + random.nextInt(400)) * 1_000_000L;
        while (System.nanoTime() < until && stream.events("message").size() < wanted) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void take(SseClient stream) {
        assertThat(stream.events("reset")).isEmpty();
        for (Event event : stream.events()) {
            if (event.type().equals("message")) {
                got++;
                JsonNode json = Answer.parse(event.data());
                checker.received(
                        name, json.get("sequence").asLong(), json.get("text").asText());
            }
            last = event.id().isEmpty() ? last : event.id();
        }
    }
}
