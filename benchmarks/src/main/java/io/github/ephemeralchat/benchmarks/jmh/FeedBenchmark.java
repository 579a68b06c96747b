package io.github.ephemeralchat.benchmarks.jmh;

import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.Subscription;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A signal into a feed: the entry is linked, and one subscriber is woken. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FeedBenchmark {

    private static final int ENTRIES = 5_000;

    private final TalkedRoom room = new TalkedRoom();
    private final Subscription reader = room.subscribe(1).get(0);
    private List<RoomSignal> signals = List.of();

    /** Appends what will be signalled. */
    @Setup(Level.Invocation)
    public void append() {
        while (!reader.poll(ENTRIES).isEmpty()) {
            // What the last invocation brought is let go.
        }
        signals = room.append(ENTRIES);
    }

    /** Ends the room. */
    @TearDown
    public void close() {
        room.close();
    }

    /** Hears all of it. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void accept() {
        signals.forEach(room::hear);
    }
}
