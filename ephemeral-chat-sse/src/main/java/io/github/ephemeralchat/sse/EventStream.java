package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.SerialTask;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event stream: polls its subscription when its sink can take more, and never otherwise, so that a reader that
 * stops costs a cursor and one pending buffer. A server gets it from {@link ChatApi}, attaches a sink, starts it, and
 * signals what happens to the connection. Thread-safe.
 *
 * <p>The sink is used by a serial task alone, so no two threads ever touch one response at once. Nothing blocks, and no
 * lock is held meanwhile.
 */
public final class EventStream {

    /** With a ticker of one second, and its own delay, within the 15 seconds that are promised. */
    static final Duration HEARTBEAT_AFTER = Duration.ofSeconds(13);

    static final Duration WRITE_DEADLINE = Duration.ofSeconds(30);

    /** For a reader that takes nothing while its stream is to end: nothing of an ended room may be held for long. */
    static final Duration LAST_WRITE_DEADLINE = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    private enum State {
        /** Nothing is written yet. */
        OPENING,
        OPEN,
        /** The last bytes were written; they are yet to be flushed. */
        ENDING,
        /** The sink is closed: nobody touches the response any more. */
        CLOSED
    }

    /** Why a stream closes before its room ends. */
    enum CloseReason {
        /** The node goes away, the room lives on: the client gets a hint when to come back. */
        GOING_AWAY,
        /** Another stream of the same participant took over. */
        REPLACED,
        /** The connection is gone, or takes nothing: nothing more is written. */
        ABORTED
    }

    private final ChatTransport transport;
    private final LongSupplier nanoTime;
    private final Supplier<Instant> now;
    private final Consumer<EventStream> onClosed;
    private final SerialTask drain = SerialTask.createHeld(this::drain, this::execute, Integer.MAX_VALUE);

    /** Leaves OPENING under the lock, once; later written by the drain task alone. */
    private volatile State state = State.OPENING;

    /** Written under the lock. The first one stays, unless the connection goes meanwhile. */
    private volatile @Nullable CloseReason closeReason;

    // Written before the stream begins, then by the drain task.
    private volatile @Nullable StreamSink sink;
    private volatile @Nullable Subscription subscription;
    private volatile @Nullable StreamChunks chunks;
    private @Nullable PollEnd pollEnd;

    /** The thread that runs the drain task. */
    private volatile @Nullable Thread drainer;

    private boolean unflushed;

    /** Set by the ticker. */
    private volatile boolean heartbeatDue;

    /** Whether the sink takes nothing more for now. */
    private volatile boolean blocked;

    /** When the last bytes were written, or when the sink became blocked, in nanoseconds. */
    private volatile long since;

    /**
     * Creates a stream, which calls {@code onClosed} with itself once.
     *
     * @param now the store's time
     */
    EventStream(ChatTransport transport, LongSupplier nanoTime, Supplier<Instant> now, Consumer<EventStream> onClosed) {
        this.transport = transport;
        this.nanoTime = nanoTime;
        this.now = now;
        this.onClosed = onClosed;
        this.since = nanoTime.getAsLong();
    }

    /**
     * Gives the stream what it writes.
     *
     * @param of makes the frames
     * @param readyFirst whether it has caught up before anything else
     */
    void init(Subscription from, RoomFrames of, boolean readyFirst) {
        chunks = new StreamChunks(from, of, readyFirst, now);
        subscription = from;
    }

    /** Has the stream end as soon as a poll has its events; called before it starts. */
    void endWith(PollEnd end) {
        pollEnd = end;
    }

    /**
     * Gives the stream its sink, which is not used before {@link #start} or {@link #abort}.
     *
     * @param to the connection
     */
    public void attach(StreamSink to) {
        sink = to;
    }

    /**
     * Begins to write, on the calling thread; from the second call on as {@link #signal}. Called once the head is sent,
     * on a thread that may use the sink.
     */
    public void start() {
        if (isFirstStart()) {
            drain.startHere();
        } else {
            signal();
        }
    }

    private synchronized boolean isFirstStart() {
        if (state != State.OPENING) {
            return false;
        }
        state = State.OPEN;
        return true;
    }

    /** Signals that there may be something to write, or that the sink takes more. Never blocks; for any thread. */
    public void signal() {
        drain.request();
    }

    private void execute(Runnable task) {
        StreamSink to = sink;
        if (to == null) {
            task.run(); // The stream is closed: the task does nothing.
        } else {
            to.execute(task);
        }
    }

    /** Closes the stream; one that was not started, once it is. */
    void close(CloseReason reason) {
        setReason(reason);
        signal();
    }

    private synchronized void setReason(CloseReason reason) {
        if (closeReason == null || reason == CloseReason.ABORTED) {
            closeReason = reason;
        }
    }

    /**
     * Closes the stream without another byte: the connection is gone, takes nothing, or never came about. Never blocks;
     * for any thread, but for a stream that was not started only one that may use the sink.
     */
    public void abort() {
        setReason(CloseReason.ABORTED);
        start();
    }

    /**
     * Waits until nobody touches the sink any more; returns at once on the thread that does.
     *
     * @param atMost the longest wait; it also ends if the thread is interrupted
     */
    public synchronized void awaitClosed(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (state != State.CLOSED && drainer != Thread.currentThread() && deadline - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Writes soon, also if there is nothing to tell: a connection whose other end is gone fails then, and the stream ends.
     * Never blocks; for any thread.
     */
    public void probe() {
        heartbeatDue = true;
        signal();
    }

    /**
     * Breaks a silence by a heartbeat, says that the room ends soon, and aborts a reader that takes nothing.
     *
     * @param time the store's time
     */
    void tick(long nanos, Instant time) {
        Subscription from = subscription;
        StreamChunks next = chunks;
        if (next != null && next.isWarningDue(time)) {
            signal();
        }
        PollEnd end = pollEnd;
        if (end != null) {
            if (end.isOver(nanos)) {
                signal();
            }
            return; // What is sent as a whole has no heartbeat.
        }
        long elapsed = nanos - since;
        if (blocked) {
            boolean ending = closeReason != null || (from != null && from.hasRoomEnded());
            if (elapsed >= (ending ? LAST_WRITE_DEADLINE : WRITE_DEADLINE).toNanos()) {
                close(CloseReason.ABORTED);
            }
        } else if (elapsed >= HEARTBEAT_AFTER.toNanos()) {
            heartbeatDue = true;
            signal();
        }
    }

    private void drain() {
        Subscription from = subscription;
        StreamChunks next = chunks;
        if (from == null || next == null) {
            return; // Closed.
        }
        drainer = Thread.currentThread();
        try {
            if (closeReason == CloseReason.ABORTED || !writeAll(from, next)) {
                close(from);
            }
        } catch (Throwable e) {
            // The connection is gone, which containers report in many ways; and whatever else it is, it must not reach
            // the thread that wakes up all streams.
            close(from);
        } finally {
            drainer = null;
        }
    }

    /** Writes while there is something and the sink takes it; false once the last byte is out. */
    private boolean writeAll(Subscription from, StreamChunks next) throws IOException {
        StreamSink to = sink;
        while (to != null && to.isReady()) {
            blocked = false;
            byte[] chunk = state == State.ENDING ? null : nextChunk(from, next);
            if (chunk != null) {
                to.write(chunk);
                countForPoll(chunk, next);
                transport.written(chunk.length);
                unflushed = true;
                since = nanoTime.getAsLong();
            } else if (unflushed) {
                unflushed = false;
                to.flush();
            } else {
                return state != State.ENDING;
            }
        }
        if (!blocked) {
            since = nanoTime.getAsLong();
            blocked = true;
        }
        return true;
    }

    private void countForPoll(byte[] chunk, StreamChunks from) {
        PollEnd end = pollEnd;
        if (end != null) {
            end.wrote(chunk.length, from.hasLogged());
        }
    }

    private byte @Nullable [] nextChunk(Subscription from, StreamChunks next) {
        byte[] opening = next.opening();
        if (opening != null) {
            return opening;
        }
        CloseReason reason = closeReason;
        if (reason != null) {
            state = State.ENDING;
            return switch (reason) {
                case GOING_AWAY -> SseFrames.goingAway();
                case REPLACED -> SseFrames.REPLACED;
                case ABORTED -> null;
            };
        }
        PollEnd end = pollEnd;
        boolean full = end != null && end.isFull();
        byte[] events = full ? null : next.events();
        if (events == null && (full || from.isEnded())) {
            state = State.ENDING;
            return null;
        }
        boolean silent = heartbeatDue;
        heartbeatDue = false;
        byte[] chunk = events == null ? next.besideTheLog() : events;
        if (chunk == null && end != null && end.isOver(nanoTime.getAsLong())) {
            state = State.ENDING;
            return null;
        }
        return chunk == null && silent ? SseFrames.HEARTBEAT : chunk;
    }

    private void close(Subscription from) {
        StreamSink to = sink;
        sink = null;
        subscription = null;
        chunks = null;
        if (pollEnd != null && closeReason != CloseReason.ABORTED) {
            from.closeUntilNextPoll();
        } else {
            from.close();
        }
        try {
            if (to != null) {
                to.close();
            }
        } catch (RuntimeException e) {
            log.debug("A stream's sink was not closed", Failures.withoutMessages(e));
        } finally {
            synchronized (this) {
                state = State.CLOSED;
                notifyAll();
            }
            onClosed.accept(this);
        }
    }
}
