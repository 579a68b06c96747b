package io.github.ephemeralchat.sse;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A response that is sent as a whole once there is an event, or once its time is over. Nothing waits for it meanwhile. A
 * server gets it from {@link ChatApi} with the response's head, and calls {@link #await} or {@link #abort}. Thread-safe.
 */
public final class EventPoll {

    private final EventStream stream;
    private final PollEnd end;
    private final ByteArrayOutputStream events = new ByteArrayOutputStream(1024);

    // Guarded by this.
    private boolean ended;
    private boolean aborted;
    private @Nullable Consumer<byte[]> then;

    private EventPoll(EventStream stream, PollEnd end) {
        this.stream = stream;
        this.end = end;
    }

    /** Begins to collect what a stream writes, on the calling thread as far as it is there. */
    static EventPoll start(EventStream stream, PollEnd end) {
        EventPoll poll = new EventPoll(stream, end);
        stream.attach(poll.new Collector());
        stream.start();
        return poll;
    }

    /** The whole body, if it is there already. */
    synchronized byte @Nullable [] body() {
        return ended ? events.toByteArray() : null;
    }

    /**
     * Has the response's body handed over, once, unless {@link #abort} comes first.
     *
     * @param callback takes the bytes, not to be changed; called on any thread, or here. It must not block
     */
    public void await(Consumer<byte[]> callback) {
        byte[] body;
        synchronized (this) {
            then = callback;
            body = takeBody();
        }
        handOver(body, callback);
    }

    /** Ends the waiting: the response is made of what there is. Never blocks. */
    public void finish() {
        end.hurry();
        stream.signal();
    }

    /** Ends it without a response: the client is gone. Never blocks. */
    public void abort() {
        synchronized (this) {
            aborted = true;
            then = null;
        }
        stream.abort();
    }

    private void ended() {
        Consumer<byte[]> callback;
        byte[] body;
        synchronized (this) {
            ended = true;
            callback = then;
            body = takeBody();
        }
        handOver(body, callback);
    }

    /** Once, as soon as both sides are there. */
    private byte @Nullable [] takeBody() {
        if (!ended || aborted || then == null) {
            return null;
        }
        then = null;
        return events.toByteArray();
    }

    private static void handOver(byte @Nullable [] body, @Nullable Consumer<byte[]> callback) {
        if (body != null && callback != null) {
            callback.accept(body);
        }
    }

    /** Takes all, and sends nothing before it is whole. */
    private final class Collector implements StreamSink {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void write(byte[] bytes) {
            events.writeBytes(bytes);
        }

        @Override
        public void flush() {
            // There is nowhere to send it yet.
        }

        @Override
        public void close() {
            ended();
        }
    }
}
