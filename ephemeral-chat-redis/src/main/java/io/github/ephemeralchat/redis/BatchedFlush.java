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
 * each command. What waits when a connection is lost is not sent, and fails.
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
    public void flush(ChannelHandlerContext context) {
        waiting++;
        long left = sentAt + delayNanos - System.nanoTime();
        if (left <= 0 || waiting >= MAX_WAITING) {
            send(context);
        } else if (!scheduled) {
            Future<?> unused = context.executor().schedule(() -> onDelayOver(context), left, TimeUnit.NANOSECONDS);
            scheduled = true;
        }
    }

    /** A batch that was full may have gone since: then this one goes early. */
    private void onDelayOver(ChannelHandlerContext context) {
        scheduled = false;
        if (waiting > 0) {
            send(context);
        }
    }

    private void send(ChannelHandlerContext context) {
        waiting = 0;
        sentAt = System.nanoTime();
        context.flush();
    }
}
