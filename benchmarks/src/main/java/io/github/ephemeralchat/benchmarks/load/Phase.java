package io.github.ephemeralchat.benchmarks.load;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** What is counted from the first post of a run to its last delivery. Written by the loop's thread. */
final class Phase {

    private static final int DIGITS = 3;
    private static final long NANOS_PER_MICRO = 1_000;

    final int number;
    final List<RoomCheck> rooms;
    /** Microseconds. */
    final Histogram latency = new Histogram(DIGITS);
    /** Microseconds. */
    final Histogram answers = new Histogram(DIGITS);

    final AtomicLong posted = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong delivered = new AtomicLong();
    volatile long lastArrivalNanos;

    Phase(int number, Workload workload) {
        this.number = number;
        int publishers = workload.rooms() >= workload.publishers() ? 1 : workload.publishers();
        this.rooms = IntStream.range(0, workload.rooms())
                .mapToObj(room -> new RoomCheck(workload.subscribers(), publishers))
                .toList();
    }

    void answered(Post post, int status, long nanos) {
        if (status / 100 == 2) {
            rooms.get(post.room()).acknowledged(post.sequence());
            answers.recordValue(Math.max(0, nanos) / NANOS_PER_MICRO);
            posted.incrementAndGet();
        } else {
            refused.incrementAndGet();
        }
    }

    void arrived(int room, int stream, Payload payload, long nowNanos) {
        if (payload.room != room) {
            rooms.get(room).strayed();
        } else if (rooms.get(room).got(stream, payload.sequence, payload.publisher)) {
            latency.recordValue(Math.max(0, nowNanos - payload.sentNanos) / NANOS_PER_MICRO);
            lastArrivalNanos = nowNanos;
            delivered.incrementAndGet();
        }
    }

    Verdict verdict() {
        return rooms.stream().map(RoomCheck::verdict).reduce(Verdict.CLEAN, Verdict::plus);
    }
}
