package io.github.ephemeralchat.benchmarks.load;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A workload on a target: its rooms, its streams and its publishers, step by step. For one thread.
 *
 * <p>Rooms are made at once. Then come the streams, then as many measured runs as wanted.
 */
public final class Load implements AutoCloseable {

    private static final Duration STALLED = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 2_000_000;
    private static final int GONE_AFTER_POSTS = 3;

    private final Target target;
    private final Workload workload;
    private final Rooms rooms;
    private final LoadLoop loop = new LoadLoop();
    private final List<List<Seat>> seats;
    private final Streams streams;
    private final Pacer pacer;
    private volatile Phase phase;
    private @Nullable Typing typing;

    private Load(Target target, Workload workload, int seatsPerRoom) {
        this.target = target;
        this.workload = workload;
        this.phase = new Phase(0, workload);
        this.rooms = new Rooms(target);
        this.seats = rooms.create(workload.rooms(), seatsPerRoom);
        this.streams = new Streams(loop, target, seats, () -> phase);
        Template publish = target.publish();
        List<PreparedPost> prepared = seats.stream()
                .map(room -> new PreparedPost(publish, room.get(0), workload.bytes()))
                .toList();
        this.pacer = new Pacer(
                IntStream.range(0, workload.publishers())
                        .mapToObj(index -> new Publisher(loop, target.posts(), index, prepared::get))
                        .toList(),
                workload.rooms());
    }

    /**
     * Makes the rooms and takes a seat for each stream.
     *
     * @param target the server
     * @param workload what to do there
     * @return the load, whose streams are still to be opened
     */
    public static Load on(Target target, Workload workload) {
        return on(target, workload, 0);
    }

    /**
     * Makes the rooms, with more seats for streams that will never read.
     *
     * @param target the server
     * @param workload what to do there
     * @param stopped how many such streams each room gets
     * @return the load, whose streams are still to be opened
     */
    public static Load on(Target target, Workload workload, int stopped) {
        return new Load(target, workload, workload.subscribers() + stopped);
    }

    /**
     * Does all of a workload: streams, warm-up, and the run that counts.
     *
     * @param target the server
     * @param workload what to do there
     * @return what the run brought
     */
    public static LoadResult run(Target target, Workload workload) {
        try (Load load = on(target, workload)) {
            load.open();
            load.warmUp();
            return load.measure();
        }
    }

    /** Opens the workload's streams, and returns when the server has said of each that it is registered. */
    public void open() {
        streams.open(0, workload.subscribers(), StreamConnection.Kind.READS);
    }

    /** Has everybody type, who has a seat, until {@link #close}: a cue a second. */
    public void type() {
        typing = new Typing(loop, target, seats.stream().flatMap(List::stream).toList());
    }

    /**
     * Posts to the first room messages that all end in the same second.
     *
     * @param messages how many
     * @param end when that second begins
     */
    public void postEnding(int messages, Instant end) {
        rooms.postEnding(seats.get(0).get(0), messages, end);
    }

    /**
     * Opens streams that read their head and never again, with a small receive buffer.
     *
     * @param perRoom how many in each room
     */
    public void openStopped(int perRoom) {
        streams.open(workload.subscribers(), perRoom, StreamConnection.Kind.STOPS);
    }

    /**
     * Returns our ends of the streams that never read.
     *
     * @return local ports
     */
    public Set<Integer> stoppedPorts() {
        return streams.stoppedPorts();
    }

    /** Cuts all streams, which may come back by {@link #resume}. */
    public void leave() {
        streams.leave();
    }

    /**
     * Has all streams that left come back at the same time, each after the last event that it has, and waits until they
     * have what was posted meanwhile.
     *
     * @return what the last run has brought now
     */
    public LoadResult resume() {
        Phase now = phase;
        long begin = System.nanoTime();
        streams.resume();
        awaitDeliveries(now);
        return result(now, begin);
    }

    /**
     * Ends all streams: a third closes, a third resets its connection, a third says that it sends no more, reads no more,
     * and stays until {@link #close}. Then posts, so that a server that notices it only when it writes does.
     */
    public void endInAllWays() {
        streams.endInAllWays();
        postUntilNoticed();
    }

    /** Posts the workload's warm-up, as the run that counts will, and waits for its deliveries. */
    public void warmUp() {
        if (workload.warmUp() > 0) {
            run(workload.warmUp(), workload.rate());
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    /**
     * Posts to every room, as fast as it goes.
     *
     * @param perRoom how many messages
     * @return what it brought
     */
    public LoadResult post(int perRoom) {
        return run(perRoom, 0);
    }

    /**
     * Posts the workload's messages, waits for their deliveries, and looks whether they are right.
     *
     * @return what it brought
     */
    public LoadResult measure() {
        return run(workload.messages(), workload.rate());
    }

    private LoadResult run(int perRoom, int rate) {
        Phase now = new Phase(phase.number + 1, workload);
        phase = now;
        long begin = System.nanoTime();
        if (rate == 0) {
            pacer.closedLoop(now, perRoom);
        } else {
            pacer.openLoop(now, perRoom, rate);
        }
        awaitCount(() -> now.posted.get() + now.refused.get(), (long) workload.rooms() * perRoom);
        awaitDeliveries(now);
        return result(now, begin);
    }

    private void awaitDeliveries(Phase now) {
        awaitCount(now.delivered::get, now.posted.get() * streams.readers() / workload.rooms());
    }

    /** Gives up where nothing moves any more: what is missing then is lost. */
    private static void awaitCount(LongSupplier count, long wanted) {
        long last = -1;
        long since = System.nanoTime();
        while (count.getAsLong() < wanted && System.nanoTime() - since < STALLED.toNanos()) {
            if (count.getAsLong() != last) {
                last = count.getAsLong();
                since = System.nanoTime();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private LoadResult result(Phase now, long begin) {
        long cut = streams.cut();
        boolean heard = streams.readers() > 0;
        return loop.ask(() -> new LoadResult(
                now.posted.get(),
                now.refused.get(),
                now.delivered.get(),
                heard ? now.verdict() : Verdict.CLEAN,
                cut,
                Duration.ofNanos(Math.max(0, now.lastArrivalNanos - begin)),
                now.latency.copy(),
                now.answers.copy(),
                loop.failure()));
    }

    private void postUntilNoticed() {
        for (int i = 0; i < GONE_AFTER_POSTS; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            run(1, 0);
        }
    }

    /** Gives up one seat of each room, where the target can; its stream ends. */
    public void leaveSeats() {
        rooms.leave(seats);
    }

    /** Destroys the rooms, where the target can. */
    public void destroyRooms() {
        rooms.destroy(seats);
    }

    /**
     * Ends all streams, then posts to their rooms, so that a server that notices gone clients only when it writes to them
     * lets go of them before another run.
     */
    @Override
    public void close() {
        if (typing != null) {
            typing.close();
        }
        streams.closeAll();
        postUntilNoticed();
        loop.close();
    }
}
