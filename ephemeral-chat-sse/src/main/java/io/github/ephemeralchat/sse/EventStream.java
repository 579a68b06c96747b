package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.Delivery;
import io.github.ephemeralchat.Subscription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One event stream: takes from its subscription when its sink can take more, and never otherwise, so that a reader that
 * stops costs a cursor and one pending buffer.
 *
 * <p>All calls of the sink are made by whoever holds the wake counter: who finds it busy marks that there is more, and
 * goes. No lock is held, nothing blocks, and no two threads ever touch one response at once.
 */
final class EventStream {

    static final Duration HEARTBEAT_AFTER = Duration.ofSeconds(14);
    static final Duration WRITE_DEADLINE = Duration.ofSeconds(30);

    private static final int CHUNK_BYTES = 16 << 10;
    private static final int POLL = 4;

    /** Why a stream ends before its room. The later ones win. */
    private enum Ending {
        NONE,
        FAREWELL,
        REPLACED,
        GONE
    }

    private final Owner owner;
    private final AtomicInteger marks = new AtomicInteger(1);
    private volatile Ending ending = Ending.NONE;
    private volatile boolean heartbeatDue;
    private volatile boolean closed;
    private volatile @Nullable Thread drainer;

    // Written before start(), then owned by whoever holds the wake counter.
    private @Nullable StreamSink sink;
    private @Nullable Subscription subscription;
    private byte @Nullable [] opening;
    private boolean unflushed;
    private boolean over;

    // Nanoseconds; written by the holder of the counter, read by the clock.
    private volatile long lastWrite;
    private volatile long stalledSince;
    private volatile boolean stalled;

    /** Who is told that a stream is over. */
    interface Owner {
        long nanos();

        void closed(EventStream stream);
    }

    EventStream(Owner owner) {
        this.owner = owner;
        this.lastWrite = owner.nanos();
    }

    /** Gives the stream what it carries. */
    void carry(Subscription from, byte[] openingBytes) {
        subscription = from;
        opening = openingBytes;
    }

    /** Gives the stream its way out. Nothing is written before {@link #start}. */
    void attach(StreamSink to) {
        sink = to;
    }

    /** Begins to write; called once, when the sink is ready for the first time or has failed before. */
    void start() {
        drain();
    }

    /** Tells that there may be something to write, or a way to write it. Never blocks; for any thread. */
    void signal() {
        if (marks.getAndIncrement() == 0) {
            drain();
        }
    }

    /** Ends with a word on when to come back: the node goes away, the room lives on. */
    void sayFarewell() {
        end(Ending.FAREWELL);
    }

    /** Ends because another stream of the same participant took over. */
    void replace() {
        end(Ending.REPLACED);
    }

    /** Ends without a word: the connection is no more, or takes nothing. */
    void abandon() {
        end(Ending.GONE);
    }

    private void end(Ending wanted) {
        if (wanted.compareTo(ending) > 0) {
            ending = wanted;
        }
        signal();
    }

    /**
     * Waits until nobody touches the sink any more: at most the given time, and not at all on the thread that does.
     */
    void awaitClosed(Duration atMost) {
        long begin = System.nanoTime();
        while (!closed && drainer != Thread.currentThread() && System.nanoTime() - begin < atMost.toNanos()) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** Looks at the time: silence is broken by a heartbeat, and a reader that takes nothing is cut off. */
    void tick(long nanos) {
        if (stalled) {
            if (nanos - stalledSince >= WRITE_DEADLINE.toNanos()) {
                abandon();
            }
        } else if (nanos - lastWrite >= HEARTBEAT_AFTER.toNanos()) {
            heartbeatDue = true;
            signal();
        }
    }

    private void drain() {
        int seen;
        do {
            drainer = Thread.currentThread();
            seen = marks.get();
            step();
            drainer = null;
        } while (marks.addAndGet(-seen) != 0);
    }

    private void step() {
        Subscription from = subscription;
        if (closed || from == null) {
            return;
        }
        try {
            if (ending == Ending.GONE || !writeAll(from)) {
                close(from);
            }
        } catch (IOException | RuntimeException e) {
            close(from); // The connection is gone; containers tell so in many ways.
        }
    }

    /** Writes while there is something and the sink takes it; false once the last byte is out. */
    private boolean writeAll(Subscription from) throws IOException {
        StreamSink to = sink;
        while (to != null && to.isReady()) {
            stalled = false;
            byte[] chunk = over ? null : nextChunk(from);
            if (chunk != null) {
                to.write(chunk);
                unflushed = true;
                lastWrite = owner.nanos();
            } else if (unflushed) {
                unflushed = false;
                to.flush();
            } else {
                return !over;
            }
        }
        if (!stalled) {
            stalledSince = owner.nanos();
            stalled = true;
        }
        return true;
    }

    private byte @Nullable [] nextChunk(Subscription from) {
        byte[] first = opening;
        if (first != null) {
            opening = null;
            return first;
        }
        if (ending != Ending.NONE) {
            over = true;
            return ending == Ending.REPLACED ? SseFrames.REPLACED : SseFrames.farewell();
        }
        byte[] events = events(from);
        if (events != null) {
            heartbeatDue = false;
            return events;
        }
        over = from.isEnded();
        if (heartbeatDue) {
            heartbeatDue = false;
            return over ? null : SseFrames.HEARTBEAT;
        }
        return null;
    }

    /** As many frames as fit a chunk; a single one is passed on as the array that all streams share. */
    private static byte @Nullable [] events(Subscription from) {
        List<Delivery> polled = from.poll(POLL);
        if (polled.isEmpty()) {
            return null;
        }
        if (polled.size() == 1) {
            return polled.get(0).encoded(SseFrames.ENCODER);
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(1024);
        while (!polled.isEmpty()) {
            polled.forEach(delivery -> chunk.writeBytes(delivery.encoded(SseFrames.ENCODER)));
            polled = chunk.size() < CHUNK_BYTES ? from.poll(POLL) : List.of();
        }
        return chunk.toByteArray();
    }

    private void close(Subscription from) {
        StreamSink to = sink;
        closed = true;
        sink = null;
        subscription = null;
        opening = null;
        from.close();
        try {
            if (to != null) {
                to.close();
            }
        } finally {
            owner.closed(this);
        }
    }
}
