package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.EventStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** A connection that carries a stream. Its client sends nothing more, but its end is seen by reading. */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails leaves nothing to do.
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
        stream.abort();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
