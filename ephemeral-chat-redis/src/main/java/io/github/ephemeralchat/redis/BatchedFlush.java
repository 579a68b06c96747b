package io.github.ephemeralchat.redis;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Sends the commands of one connection in batches: a command goes at once if none was sent within the delay before it, else
 * when {@link #MAX_WAITING} wait or the delay is over. Then a batch costs Redis and both nodes one wake-up instead of one for
 * each command. What a connection loses while commands wait, it loses as if they had been sent.
 */
final class BatchedFlush extends ChannelOutboundHandlerAdapter {

    static final int MAX_WAITING = 8;

    private final long delayNanos;

    // The event loop's own.
    private long sentAt;
    private int waiting;
    private boolean scheduled;

    BatchedFlush(Duration delay) {
        this.delayNanos = delay.toNanos();
        this.sentAt = System.nanoTime() - delayNanos;
    }

    /** Has a connection send in batches. */
    static void addTo(Channel connection, Duration delay) {
        connection.pipeline().addLast(new BatchedFlush(delay)); // Before TLS, which encrypts a batch as one.
    }

    @Override
    public void flush(ChannelHandlerContext connection) {
        waiting++;
        long left = sentAt + delayNanos - System.nanoTime();
        if (left <= 0 || waiting >= MAX_WAITING) {
            send(connection);
        } else if (!scheduled) {
            scheduled = true;
            Future<?> unused =
                    connection.executor().schedule(() -> onDelayOver(connection), left, TimeUnit.NANOSECONDS);
        }
    }

    /** A batch that was full may have gone since: then this one goes early. */
    private void onDelayOver(ChannelHandlerContext connection) {
        scheduled = false;
        if (waiting > 0) {
            send(connection);
        }
    }

    private void send(ChannelHandlerContext connection) {
        waiting = 0;
        sentAt = System.nanoTime();
        connection.flush();
    }
}
