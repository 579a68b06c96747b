package io.github.ephemeralchat.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connections: Linux's epoll if it is available, else the JDK's selector. */
final class Transport {

    private static final int WAITING_CONNECTIONS = 1024;

    /** How long a stream's bytes may go unacknowledged: a peer that vanished makes no write fail. */
    private static final Duration UNACKNOWLEDGED = Duration.ofSeconds(30);

    private Transport() {}

    static EventLoopGroup loops(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("ephemeral-chat-http"),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /**
     * Listens for connections.
     *
     * @throws IOException if it cannot listen there
     */
    static Channel listen(
            EventLoopGroup loops,
            InetSocketAddress address,
            ApiDispatcher api,
            RequestLimits limits,
            @Nullable SslContext tls,
            Connections connections)
            throws IOException {
        try {
            ServerChannel server = Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
            server.config().setOption(ChannelOption.SO_BACKLOG, WAITING_CONNECTIONS);
            server.config().setOption(ChannelOption.SO_REUSEADDR, true);
            server.pipeline().addLast(new Acceptor(loops, connections, (channel, connection) -> {
                if (tls != null) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                }
                prepare(channel, connection, connections, api, limits);
            }));
            await(loops.register(server));
            await(server.bind(address));
            return server;
        } catch (ChannelException e) {
            throw new IOException("the server can't listen there", e);
        }
    }

    private static void await(ChannelFuture done) throws IOException {
        if (!done.awaitUninterruptibly().isSuccess()) {
            throw new IOException("the server can't listen there", done.cause());
        }
    }

    private static void prepare(
            Channel channel, Connection connection, Connections connections, ApiDispatcher api, RequestLimits limits) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        // A client that sends no more may still be reading.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (Epoll.isAvailable()) {
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) UNACKNOWLEDGED.toMillis());
        }
        RequestDecoder decoder =
                new RequestDecoder(limits.maxHeaderBytes(), api.incoming().newShare());
        channel.pipeline()
                .addLast(
                        // Before the idle handler: half a head is no sign of life.
                        decoder,
                        new HttpResponseEncoder(),
                        new IdleCloser(limits.idle(), connection),
                        new RequestHandler(api, decoder, limits.complete(), connection, connections));
    }
}
