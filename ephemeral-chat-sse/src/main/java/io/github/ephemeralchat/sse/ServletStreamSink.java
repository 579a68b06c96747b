package io.github.ephemeralchat.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/** A servlet response in non-blocking mode. */
final class ServletStreamSink implements StreamSink, WriteListener, AsyncListener {

    private static final Duration FINISH = Duration.ofSeconds(1);

    /** For several messages at once; the usual 32 KiB would be most of what a stream costs in memory. */
    private static final int BUFFER_BYTES = 4 << 10;

    private final EventStream stream;
    private final AsyncContext context;
    private final ServletOutputStream out;
    /** Whether the stream has begun; touched by the container's callbacks only, which it does not overlap. */
    private volatile boolean started;
    /** Whether the container is done with the request, whose objects it may by now use for another. */
    private volatile boolean completed;

    private ServletStreamSink(EventStream stream, AsyncContext context, ServletOutputStream out) {
        this.stream = stream;
        this.context = context;
        this.out = out;
    }

    /** Makes a request's response the way out of a stream, which begins when the container first calls back. */
    static void attach(EventStream stream, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // Some containers hold one for each stream as long as it lives, however long it says nothing.
        response.setBufferSize(BUFFER_BYTES);
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        ServletStreamSink sink = new ServletStreamSink(stream, context, response.getOutputStream());
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
        try {
            context.complete();
        } catch (IllegalStateException e) {
            completed = true; // The container was faster.
        }
    }

    @Override
    public void onWritePossible() {
        wake();
    }

    @Override
    public void onError(Throwable failure) {
        gone();
    }

    @Override
    public void onError(AsyncEvent event) {
        gone();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        gone();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        completed = true;
        gone();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it a second time.
    }

    private void wake() {
        if (started) {
            stream.signal();
        } else {
            started = true;
            stream.start(this);
        }
    }

    /**
     * When this returns the container may give the request's objects to another client, so whoever is writing on another
     * thread has to be through by then; writes do not block, so that is soon.
     */
    private void gone() {
        stream.abandon();
        wake();
        stream.awaitClosed(FINISH);
    }
}
