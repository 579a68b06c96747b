package io.github.ephemeralchat.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection whose client neither asks nor listens for too long, or takes nothing of its response for as long. */
final class IdleCloser extends IdleStateHandler {

    /** How long a client may take nothing of its response; it is seen within twice as long. */
    private static final Duration STUCK = Duration.ofSeconds(30);

    private final Connection connection;

    IdleCloser(Duration idle, Connection connection) {
        super(true, 0, STUCK.toMillis(), idle.toMillis(), TimeUnit.MILLISECONDS);
        this.connection = connection;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        boolean ends = event.state() == IdleState.WRITER_IDLE
                // The first event only notes how far the client is, however long it has been taking bytes.
                ? !event.isFirst() && isPending(context.channel())
                : !connection.isResponding();
        if (ends) {
            context.close();
        }
    }

    private static boolean isPending(Channel channel) {
        return channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark();
    }
}
