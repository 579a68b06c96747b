package io.github.ephemeralchat.benchmarks.load;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** One room's streams against what its server said that it took. */
final class RoomCheck {

    private final BitSet acknowledged = new BitSet();
    private final List<StreamCheck> streams;
    private long strayed;

    RoomCheck(int streams, int publishers) {
        this.streams = IntStream.range(0, streams)
                .mapToObj(i -> new StreamCheck(publishers))
                .toList();
    }

    void acknowledged(int sequence) {
        acknowledged.set(sequence);
    }

    boolean got(int stream, int sequence, int publisher) {
        return streams.get(stream).got(sequence, publisher);
    }

    /** A stream of this room brought another room's message. */
    void strayed() {
        strayed++;
    }

    Verdict verdict() {
        long lost = streams.stream()
                .mapToLong(stream -> stream.missing(acknowledged))
                .sum();
        long doubled = streams.stream().mapToLong(StreamCheck::doubled).sum();
        long reordered = streams.stream().mapToLong(StreamCheck::reordered).sum();
        return new Verdict(lost, doubled, reordered, strayed, isDivergent() ? 1 : 0);
    }

    private boolean isDivergent() {
        return streams.stream().anyMatch(stream -> stream.divergesFrom(streams.get(0)));
    }
}
