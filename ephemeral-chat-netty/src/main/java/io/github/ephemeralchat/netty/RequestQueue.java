package io.github.ephemeralchat.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

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
     * Hands over what waits, as long as the handler may take it and it is not others' turn.
     *
     * @return false if this is being done further up the stack
     */
    boolean drain(ChannelHandlerContext context, RequestHandler handler) {
        if (draining) {
            return false;
        }
        draining = true;
        try {
            while (!waiting.isEmpty() && inRow < ROW && handler.mayTake(context)) {
                handler.take(context, waiting.remove());
                yieldAfterRow(context, handler);
            }
        } finally {
            draining = false;
        }
        return true;
    }

    /** A task that is scheduled runs only after the loop has looked at its sockets again, unlike one that is executed. */
    private void yieldAfterRow(ChannelHandlerContext context, RequestHandler handler) {
        if (inRow == ROW) {
            context.executor().schedule(() -> beginRow(context, handler), 0, TimeUnit.NANOSECONDS);
        }
    }

    private void beginRow(ChannelHandlerContext context, RequestHandler handler) {
        inRow = 0;
        handler.nextRow(context);
    }

    /** Drops what waits. */
    void clear() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }
}
