package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.sse.EventStream;
import io.github.ephemeralchat.sse.StreamSink;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A servlet response in non-blocking mode. */
final class ServletStreamSink implements StreamSink, WriteListener, AsyncListener {

    private static final Duration FINISH = Duration.ofSeconds(1);

    /** For several messages at once; the usual 32 KiB would be most of what a stream costs in memory. */
    private static final int BUFFER_BYTES = 4 << 10;

    private static final int ABORT = -1;

    private static final CutOffs CUT_OFFS = new CutOffs();

    private final EventStream stream;
    private final AsyncContext context;
    private final HttpServletResponse response;
    private final ServletOutputStream out;
    /** Whether the container is done with the request, whose objects it may by now use for another. */
    private volatile boolean completed;

    /** Whether this is one of those that are being cut off. */
    private final AtomicBoolean cutOff = new AtomicBoolean();

    private ServletStreamSink(EventStream stream, AsyncContext context, HttpServletResponse response)
            throws IOException {
        this.stream = stream;
        this.context = context;
        this.response = response;
        this.out = response.getOutputStream();
    }

    /** Makes a request's response the sink of a stream, which begins when the container first calls back. */
    static void attach(EventStream stream, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // Some containers hold one for each stream as long as it lives, however long nothing is written.
        response.setBufferSize(BUFFER_BYTES);
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        ServletStreamSink sink = new ServletStreamSink(stream, context, response);
        stream.attach(sink);
        context.addListener(sink);
        sink.out.setWriteListener(sink);
    }

    @Override
    public boolean isReady() {
        return out.isReady();
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() {
        if (completed) {
            return;
        }
        if (isTaken() || abortsAtOnce()) {
            complete();
        } else {
            CUT_OFFS.add(this);
        }
    }

    private boolean isTaken() {
        try {
            return out.isReady();
        } catch (IllegalStateException e) {
            return true; // The container was faster.
        }
    }

    private void complete() {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            completed = true; // The container was faster.
        }
    }

    /**
     * Has Jetty end the connection of a reader that takes nothing: it knows a status for that. With a response that is merely
     * complete, a container waits until what it has written is taken.
     */
    private boolean abortsAtOnce() {
        try {
            response.sendError(ABORT);
            return true;
        } catch (IllegalStateException | IOException e) {
            return false;
        }
    }

    /**
     * Has the container end the connection as it does if a response has begun and fails: by a time-out that nobody handles.
     * Undertow lets nobody set one by now; it sends the rest without a thread, as long as its write time-out allows. Returns
     * false if there is nothing to wait for.
     */
    boolean timeOut() {
        cutOff.set(true);
        if (!completed) {
            try {
                context.setTimeout(1);
                return true;
            } catch (IllegalStateException e) {
                complete();
            }
        }
        return !cutOff.getAndSet(false);
    }

    @Override
    public void onWritePossible() {
        stream.start();
    }

    @Override
    public void onError(Throwable failure) {
        abort();
    }

    @Override
    public void onError(AsyncEvent event) {
        abort();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        abort();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        completed = true;
        abort();
        if (cutOff.getAndSet(false)) {
            CUT_OFFS.ended();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it a second time.
    }

    /**
     * When this returns the container may give the request's objects to another client, so a thread that is writing has
     * to be through by then; writes do not block, so that is soon.
     */
    private void abort() {
        stream.abort();
        stream.awaitClosed(FINISH);
    }
}
