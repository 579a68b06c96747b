package io.github.ephemeralchat.benchmarks.load;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * A workload on a target: its rooms, its streams and its publishers, step by step. For one thread.
 *
 * <p>Rooms are made at once. Then come the streams, then as many measured runs as wanted.
 */
public final class Load implements AutoCloseable {

    private static final int CONNECTING_AT_ONCE = 64;
    private static final int PATIENCE_SECONDS = 30;
    private static final Duration STALLED = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 2_000_000;

    private final Target target;
    private final Workload workload;
    private final LoadLoop loop = new LoadLoop();
    private final List<List<Seat>> seats;
    private final List<StreamConnection> streams = new ArrayList<>();
    private final List<Publisher> publishers;
    private final Pacer pacer;
    private volatile Phase phase;
    private int stopped;

    /** Where a stream belongs. */
    record Place(LoadLoop loop, SocketAddress server, int room, int number) {}

    private Load(Target target, Workload workload, int seatsPerRoom) {
        this.target = target;
        this.workload = workload;
        this.phase = new Phase(0, workload);
        this.seats = new Rooms(target).create(workload.rooms(), seatsPerRoom);
        Template publish = target.publish();
        List<PreparedPost> prepared = seats.stream()
                .map(room -> PreparedPost.of(publish, room.get(0), workload.bytes()))
                .toList();
        this.publishers = IntStream.range(0, workload.publishers())
                .mapToObj(index -> new Publisher(loop, target.posts(), index, prepared::get))
                .toList();
        this.pacer = new Pacer(publishers, workload.rooms());
    }

    /**
     * Makes the rooms and takes a seat for each stream.
     *
     * @param target the server
     * @param workload what to do there
     * @return the load, whose streams are still to be opened
     */
    public static Load on(Target target, Workload workload) {
        return new Load(target, workload, workload.subscribers());
    }

    /**
     * Makes the rooms, with seats for streams that will never read.
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
        open(0, workload.subscribers(), StreamConnection.Kind.READS);
    }

    /**
     * Opens streams that read their head and never again, and that have a small receive buffer.
     *
     * @param perRoom how many in each room
     */
    public void openStopped(int perRoom) {
        open(workload.subscribers(), perRoom, StreamConnection.Kind.STOPS);
        stopped += perRoom * workload.rooms();
    }

    private void open(int firstSeat, int perRoom, StreamConnection.Kind kind) {
        Template subscribe = target.subscribe();
        byte[] mark = target.ready().getBytes(StandardCharsets.US_ASCII);
        Semaphore connecting = new Semaphore(CONNECTING_AT_ONCE);
        CountDownLatch ready = new CountDownLatch(perRoom * workload.rooms());
        for (int number = firstSeat; number < firstSeat + perRoom; number++) {
            for (int room = 0; room < workload.rooms(); room++) {
                acquire(connecting);
                byte[] request = subscribe.request(seats.get(room).get(number), "");
                Place place = new Place(loop, target.streams(), room, number);
                StreamConnection stream = new StreamConnection(place, kind, mark, () -> phase, () -> {
                    connecting.release();
                    ready.countDown();
                });
                streams.add(stream);
                loop.execute(() -> stream.send(request));
            }
        }
        await(ready);
    }

    private void acquire(Semaphore connecting) {
        try {
            if (!connecting.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("streams do not open: " + loop.failure());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void await(CountDownLatch ready) {
        try {
            if (!ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(ready.getCount() + " streams do not open: " + loop.failure());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
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
        long wanted = (long) workload.rooms() * perRoom;
        awaitCount(() -> now.posted + now.refused, wanted);
        long readers = streams.size() - stopped;
        awaitCount(() -> now.delivered, now.posted * readers / workload.rooms());
        return result(now, begin);
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
        return onLoop(() -> new LoadResult(
                now.posted,
                now.refused,
                now.delivered,
                streams.isEmpty() ? Verdict.CLEAN : now.verdict(),
                streams.stream().filter(StreamConnection::isCut).count(),
                Duration.ofNanos(Math.max(0, now.lastArrivalNanos - begin)),
                now.latency.copy(),
                now.answers.copy(),
                loop.failure()));
    }

    private <T> T onLoop(java.util.function.Supplier<T> question) {
        java.util.concurrent.CompletableFuture<T> answer = new java.util.concurrent.CompletableFuture<>();
        loop.execute(() -> answer.complete(question.get()));
        return Objects.requireNonNull(answer.join());
    }

    /**
     * Ends all streams, then posts to their rooms, so that a server that notices gone clients only when it writes to them
     * lets go of them before another run.
     */
    @Override
    public void close() {
        onLoop(() -> {
            streams.forEach(Connection::close);
            return streams.size();
        });
        streams.clear();
        stopped = 0;
        for (int i = 0; i < 3; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            post(1);
        }
        loop.close();
    }
}
