package io.github.ephemeralchat.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection whose client neither asks nor listens for too long, or takes nothing of its response. */
final class IdleCloser extends IdleStateHandler {

    /** How often a connection is checked whose client takes nothing of its response. */
    private static final Duration STUCK = Duration.ofSeconds(30);

    IdleCloser(Duration idle) {
        super(true, 0, STUCK.toMillis(), idle.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        if (event.state() != IdleState.WRITER_IDLE || isStuck(context.channel())) {
            context.close();
        }
    }

    private static boolean isStuck(Channel channel) {
        return channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark();
    }
}
