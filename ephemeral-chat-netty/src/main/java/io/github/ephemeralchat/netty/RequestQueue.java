package io.github.ephemeralchat.netty;

import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a client has sent ahead of its response: at most what one read brought, since reading stops meanwhile. Lives on the
 * connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A loop that refuses the task has ended, and the connection with it.
final class RequestQueue {

    /** After so many requests in a row the other connections of the event loop have their turn. */
    private static final int ROW = 16;

    private final Queue<HttpObject> waiting = new ArrayDeque<>(4);

    /** Whether the queue is being emptied, further up the stack. */
    private boolean draining;

    /** How many requests were taken since others had their turn. */
    private int inRow;

    void add(HttpObject message) {
        waiting.add(message);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Counts a request that is taken. */
    void countRequest() {
        inRow++;
    }

    /** Takes note that others have their turn, if nothing waits. */
    void readComplete() {
        if (waiting.isEmpty()) {
            inRow = 0;
        }
    }

    /**
     * Hands over what waits, as long as it is wanted.
     *
     * @param wanted asked before each message
     * @param taker takes a message, and releases it
     * @param nextRow called once others have had their turn, if it stops for them
     * @return false if this is being done further up the stack
     */
    boolean drain(EventExecutor loop, BooleanSupplier wanted, Consumer<HttpObject> taker, Runnable nextRow) {
        if (draining) {
            return false;
        }
        draining = true;
        try {
            while (!waiting.isEmpty() && inRow < ROW && wanted.getAsBoolean()) {
                taker.accept(waiting.remove());
                yieldAfterRow(loop, nextRow);
            }
        } finally {
            draining = false;
        }
        return true;
    }

    /** A task that is scheduled runs only after the loop has looked at its sockets again, unlike one that is executed. */
    private void yieldAfterRow(EventExecutor loop, Runnable nextRow) {
        if (inRow == ROW) {
            loop.schedule(() -> beginRow(nextRow), 0, TimeUnit.NANOSECONDS);
        }
    }

    private void beginRow(Runnable nextRow) {
        inRow = 0;
        nextRow.run();
    }

    /** Drops what waits. */
    void clear() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }
}
