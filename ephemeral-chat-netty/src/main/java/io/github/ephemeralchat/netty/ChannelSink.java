package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.EventStream;
import io.github.ephemeralchat.sse.StreamSink;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A connection as the sink of a stream, used on its event loop only. Its client sends nothing more, but its end is seen by
 * reading.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
final class ChannelSink extends ChannelInboundHandlerAdapter implements StreamSink {

    /** Beyond it what was written goes out before more is taken: a stream that catches up has no queue of its own. */
    private static final int MAX_UNFLUSHED = 32 << 10;

    /** The answer to the first probe has come by then, and the second fails. */
    private static final int PROBE_AGAIN_MILLIS = 500;

    private final Channel channel;
    private final EventStream stream;
    private int unflushed;
    private ChannelFuture lastWrite;
    /** Whether the kernel took less than what was flushed: its buffer is full. */
    private boolean stuck;

    ChannelSink(Channel channel, EventStream stream, ChannelFuture head) {
        this.channel = channel;
        this.stream = stream;
        this.lastWrite = head;
    }

    /** Has the stream write here. */
    void start() {
        stream.attach(this);
        stream.start();
    }

    @Override
    public void execute(Runnable task) {
        EventLoop loop = channel.eventLoop();
        try {
            if (loop.inEventLoop()) {
                FlushScheduler.ofThisLoop().add(task, loop);
            } else {
                loop.execute(task);
            }
        } catch (RejectedExecutionException e) {
            // The loops have ended, and all connections with them.
        }
    }

    @Override
    public boolean isReady() {
        return !stuck;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (lastWrite.isDone() && !lastWrite.isSuccess()) {
            // For want of memory, for example. After a gap nothing may follow: the client comes back, and begins before
            // it.
            throw new IOException("the last write has failed");
        }
        lastWrite = channel.write(Unpooled.wrappedBuffer(bytes));
        unflushed += bytes.length;
        if (unflushed >= MAX_UNFLUSHED) {
            flush();
        }
    }

    @Override
    public void flush() {
        unflushed = 0;
        channel.flush();
        if (!lastWrite.isDone()) {
            stuck = true;
            lastWrite.addListener(done -> {
                stuck = false;
                stream.signal();
            });
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    /** The client sends no more. If it does not read either, it resets the connection once it gets something. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            stream.probe();
            context.executor().schedule(stream::probe, PROBE_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stream.abort();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
