package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.EventPoll;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The poll whose events a connection's response waits for, if there is one. Lives on the connection's event loop. */
final class AwaitedPoll {

    private final Connection connection;
    private final Connections connections;
    private @Nullable EventPoll poll;

    AwaitedPoll(Connection connection, Connections connections) {
        this.connection = connection;
        this.connections = connections;
    }

    /**
     * Waits for a poll's events.
     *
     * @param then takes the response's body on the event loop, unless {@link #abort} comes first
     */
    void await(EventPoll events, EventExecutor loop, Consumer<byte[]> then) {
        poll = events;
        events.await(body -> onLoop(loop, () -> end(events, body, then)));
    }

    /** At once if this is the loop: the server may be about to close the connection. */
    private static void onLoop(EventExecutor loop, Runnable task) {
        try {
            if (loop.inEventLoop()) {
                task.run();
            } else {
                loop.execute(task);
            }
        } catch (RejectedExecutionException e) {
            // The loops have ended, and all connections with them.
        }
    }

    private void end(EventPoll events, byte[] body, Consumer<byte[]> then) {
        if (poll == events) {
            poll = null;
            connections.pollEnded(connection);
            then.accept(body);
        }
    }

    /** Ends the waiting: the response is made of what there is. */
    void finish() {
        EventPoll awaited = poll;
        if (awaited != null) {
            awaited.finish();
        }
    }

    /** Ends the waiting without a response: the connection is gone. */
    void abort() {
        EventPoll awaited = poll;
        if (awaited != null) {
            poll = null;
            connections.pollEnded(connection);
            awaited.abort();
        }
    }
}
