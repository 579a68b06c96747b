package io.github.ephemeralchat.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
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

    // How far the client was at the last look.
    private long pending;
    private long progress;

    IdleCloser(Duration idle, Connection connection) {
        // Netty's own look at what a client takes has one memory for both times: each hides from the other what it has
        // seen.
        super(false, 0, STUCK.toMillis(), idle.toMillis(), TimeUnit.MILLISECONDS);
        this.connection = connection;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        boolean ends = event.state() == IdleState.WRITER_IDLE
                ? isStuck(context.channel().unsafe().outboundBuffer(), event.isFirst())
                : !connection.isResponding() && !connection.hasUntaken();
        if (ends) {
            context.close();
        }
    }

    /** The first look since a response was taken only notes how far the client is with the next one. */
    private boolean isStuck(ChannelOutboundBuffer out, boolean isFirst) {
        boolean isSame = out.totalPendingWriteBytes() == pending && out.currentProgress() == progress;
        pending = out.totalPendingWriteBytes();
        progress = out.currentProgress();
        return isSame && !isFirst && connection.hasUntaken();
    }
}
