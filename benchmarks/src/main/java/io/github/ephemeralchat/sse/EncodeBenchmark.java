package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message as the bytes of its event, made once for all of a node's streams. In this package to reach the encoder. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EncodeBenchmark {

    /** How long the message's text is. */
    @Param({"20", "200", "4000"})
    public int length;

    /** Whether the sender is a user of the host's, whose id clients do not see. */
    @Param({"false", "true"})
    public boolean hidden;

    private final RoomFrames frames =
            new RoomFrames(new RoomJson(WireIds.hiddenIn(new RoomIncarnation(RoomId.random(), 7))));

    private RoomEvent event = new RoomEvent.MessagePosted(EntryId.START, message(""));

    private Message message(String text) {
        Identity sender = hidden ? new Identity("user-7", "Alice") : Identity.anonymous();
        return new Message("AbCdEfGhIjKlMnOp", 43, sender, text, Instant.ofEpochMilli(1_795_000_000_123L));
    }

    /** Makes the message. */
    @Setup
    public void write() {
        event = new RoomEvent.MessagePosted(EntryId.START, message("x".repeat(length)));
    }

    /**
     * Encodes it.
     *
     * @return its frame
     */
    @Benchmark
    public Object encode() {
        return frames.apply(event);
    }
}
