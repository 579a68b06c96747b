package io.github.ephemeralchat.benchmarks.jmh;

import io.github.ephemeralchat.spi.RoomSignal;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A message into a room's log in memory, at its bound most of the time: each append then also trims one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AppendBenchmark {

    private final TalkedRoom room = new TalkedRoom();

    /** Ends the room. */
    @TearDown
    public void close() {
        room.close();
    }

    /**
     * Appends.
     *
     * @return what would be signalled
     */
    @Benchmark
    public RoomSignal append() {
        return room.append();
    }
}
