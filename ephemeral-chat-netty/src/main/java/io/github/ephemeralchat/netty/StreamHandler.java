package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.EventStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** A connection that carries a stream. Its client has nothing more to say, but its end is noticed by reading. */
@SuppressWarnings(
        "FutureReturnValueIgnored") // A write or a close that fails ends the connection, which is told elsewhere.
final class StreamHandler extends ChannelInboundHandlerAdapter {

    private final EventStream stream;

    StreamHandler(EventStream stream) {
        this.stream = stream;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stream.abandon();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
