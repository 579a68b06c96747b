package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event stream: takes from its subscription when its sink can take more, and never otherwise, so that a reader that
 * stops costs a cursor and one pending buffer. A server gets it from {@link ChatApi}, gives it its way out with
 * {@link #start}, and tells it what happens to the connection. Thread-safe.
 *
 * <p>All calls of the sink are made by whoever holds the wake counter: who finds it busy marks that there is more, and
 * goes. No lock is held, nothing blocks, and no two threads ever touch one response at once.
 */
public final class EventStream {

    /** With a clock that ticks once a second, and its own delay, within the 15 seconds that are promised. */
    static final Duration HEARTBEAT_AFTER = Duration.ofSeconds(13);

    static final Duration WRITE_DEADLINE = Duration.ofSeconds(30);

    /** For a reader that takes nothing while its stream is to end: nothing of an ended room may be held for long. */
    static final Duration LAST_WRITE_DEADLINE = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int POLL = 4;

    /** The last word of a stream that ends before its room. */
    private enum LastWord {
        NONE,
        FAREWELL,
        REPLACED
    }

    private final Owner owner;
    private final AtomicInteger marks = new AtomicInteger(1);
    private volatile LastWord lastWord = LastWord.NONE;
    private volatile boolean gone;
    private volatile boolean heartbeatDue;
    private volatile boolean closed;
    /** Set once the sink is closed too: nobody touches the response any more. */
    private volatile boolean released;

    private volatile @Nullable Thread drainer;

    /** Kept, because a stream is woken often. */
    private final Runnable turn = this::drain;

    /** Set by start(), cleared by whoever holds the wake counter. */
    private volatile @Nullable StreamSink sink;

    // Written before start(), then owned by whoever holds the wake counter.
    private volatile @Nullable Subscription subscription;
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

        void written(int bytes);

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

    /**
     * Begins to write, once the head is sent; before that nothing is. Called once, on the thread on which the sink may be
     * used.
     *
     * @param to the way out
     */
    public void start(StreamSink to) {
        sink = to;
        drain();
    }

    /** Lets go of a stream that nobody starts. */
    public void discard() {
        gone = true;
        drain();
    }

    /** Tells that there may be something to write, or a way to write it. Never blocks; for any thread. */
    public void signal() {
        if (marks.getAndIncrement() == 0) {
            StreamSink to = sink;
            if (to == null) {
                drain(); // It is over: this only takes the mark back.
            } else {
                to.take(turn);
            }
        }
    }

    /** Ends with a word on when to come back: the node goes away, the room lives on. */
    void sayFarewell() {
        end(LastWord.FAREWELL);
    }

    /** Ends because another stream of the same participant took over. */
    void replace() {
        end(LastWord.REPLACED);
    }

    /**
     * Ends without a word: the connection is no more, or takes nothing. Never blocks; for any thread. A stream that nobody
     * has started and nobody will is let go with {@link #discard} instead.
     */
    public void abandon() {
        gone = true;
        signal();
    }

    private void end(LastWord word) {
        lastWord = word;
        signal();
    }

    /**
     * Waits until nobody touches the sink any more: at most the given time, and not at all on the thread that does.
     */
    void awaitClosed(Duration atMost) {
        long begin = System.nanoTime();
        while (!released && drainer != Thread.currentThread() && System.nanoTime() - begin < atMost.toNanos()) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** Looks at the time: silence is broken by a heartbeat, and a reader that takes nothing is cut off. */
    void tick(long nanos) {
        if (stalled) {
            Duration deadline = isToEnd() ? LAST_WRITE_DEADLINE : WRITE_DEADLINE;
            if (nanos - stalledSince >= deadline.toNanos()) {
                abandon();
            }
        } else if (nanos - lastWrite >= HEARTBEAT_AFTER.toNanos()) {
            heartbeatDue = true;
            signal();
        }
    }

    private boolean isToEnd() {
        Subscription from = subscription;
        return lastWord != LastWord.NONE || (from != null && from.hasRoomEnded());
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
            if (gone || !writeAll(from)) {
                close(from);
            }
        } catch (Throwable e) {
            // The connection is gone, which containers tell in many ways; and whatever else it is, it must not reach
            // the
            // thread that sweeps for all.
            close(from);
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
                owner.written(chunk.length);
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
        LastWord word = lastWord;
        if (word != LastWord.NONE) {
            over = true;
            return word == LastWord.REPLACED ? SseFrames.REPLACED : SseFrames.farewell();
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
        List<SharedEvent> polled = from.poll(POLL);
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
        } catch (RuntimeException e) {
            log.debug("A stream's sink was not closed: {}", e.getClass().getName());
        } finally {
            released = true;
            owner.closed(this);
        }
    }
}
