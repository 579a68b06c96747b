package io.github.ephemeralchat.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections in. Lives on the event loop of the listening socket, and lets nothing get to the end of its pipeline:
 * there Netty logs, and a logger that fails in a process without descriptors would end the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that cannot be registered is closed, which is seen there.
final class Acceptor extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

    /** How long no connection is accepted after one could not be: without a pause, the next attempt fails as well. */
    private static final int PAUSE_MILLIS = 100;

    private static final Duration ONE_LINE_IN = Duration.ofMinutes(1);

    private final EventLoopGroup loops;
    private final Connections connections;
    private final BiConsumer<Channel, Connection> initializer;
    private long loggedAt = System.nanoTime() - ONE_LINE_IN.toNanos();

    /**
     * Creates an acceptor.
     *
     * @param initializer makes a channel ready for its first request
     */
    Acceptor(EventLoopGroup loops, Connections connections, BiConsumer<Channel, Connection> initializer) {
        this.loops = loops;
        this.connections = connections;
        this.initializer = initializer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel channel = (Channel) message;
        Connection connection = connections.admit(channel);
        if (connection == null) {
            channel.unsafe().closeForcibly();
            return;
        }
        channel.closeFuture().addListener(done -> connections.closed(connection));
        try {
            initializer.accept(channel, connection);
            loops.register(channel);
        } catch (RuntimeException e) { // Its client is gone already.
            channel.unsafe().closeForcibly();
            connections.closed(connection);
        }
    }

    /** A connection could not be accepted, most likely because the process has no descriptor left. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelConfig config = context.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            connections.giveWay();
            context.executor().schedule(() -> goOn(config, cause), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Only now there are descriptors for what a logger, or a class that it needs, reads from files. */
    private void goOn(ChannelConfig config, Throwable cause) {
        if (System.nanoTime() - loggedAt >= ONE_LINE_IN.toNanos()) {
            loggedAt = System.nanoTime();
            LoopLog.warn(log, "A connection could not be accepted; waiting ones have given way to new ones", cause);
        }
        config.setAutoRead(true);
    }
}
