package io.github.ephemeralchat.benchmarks.jmh;

import io.github.ephemeralchat.transport.SharedEvent;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** An entry taken by all of a room's readers, four at a time as streams do. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CursorBenchmark {

    private static final int ENTRIES = 500;
    private static final int POLL = 4;

    /** How many readers take each entry: the result is for all of them together. */
    @Param({"1", "10", "1000"})
    public int readers;

    private final TalkedRoom room = new TalkedRoom();
    private List<Subscription> subscriptions = List.of();

    /** Has everybody listen. */
    @Setup
    public void subscribe() {
        subscriptions = room.subscribe(readers);
    }

    /** Has the feed take what they will read. */
    @Setup(Level.Invocation)
    public void append() {
        room.append(ENTRIES).forEach(room::hear);
    }

    /** Ends the room. */
    @TearDown
    public void close() {
        room.close();
    }

    /**
     * Reads all of it.
     *
     * @param blackhole takes what was read
     */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void drain(Blackhole blackhole) {
        for (Subscription subscription : subscriptions) {
            List<SharedEvent> polled = subscription.poll(POLL);
            while (!polled.isEmpty()) {
                blackhole.consume(polled);
                polled = subscription.poll(POLL);
            }
        }
    }
}
