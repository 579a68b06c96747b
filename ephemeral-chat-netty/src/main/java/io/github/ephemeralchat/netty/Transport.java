package io.github.ephemeralchat.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Connections: Linux's epoll if it is available, else the JDK's selector. */
final class Transport {

    private static final int WAITING_CONNECTIONS = 1024;

    /** How long a client that neither asks nor listens may hold a connection. */
    private static final int IDLE_SECONDS = 60;

    /** How often a connection is checked whose client takes nothing of its response, or does not end its request. */
    private static final int STUCK_SECONDS = 30;

    /** How long a stream's bytes may go unacknowledged: a peer that vanished makes no write fail. */
    private static final Duration UNACKNOWLEDGED = Duration.ofSeconds(30);

    private Transport() {}

    static EventLoopGroup loops(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("ephemeral-chat-http"),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    static ChannelFuture listen(EventLoopGroup loops, InetSocketAddress address, ApiDispatcher api) {
        ServerBootstrap server = new ServerBootstrap()
                .group(loops)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, WAITING_CONNECTIONS)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        connection
                                .pipeline()
                                .addLast(
                                        // Before the idle handler: half a head is no sign of life.
                                        new HttpServerCodec(),
                                        new IdleStateHandler(true, 0, STUCK_SECONDS, IDLE_SECONDS, TimeUnit.SECONDS),
                                        new RequestHandler(api));
                    }
                });
        if (Epoll.isAvailable()) {
            server.childOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) UNACKNOWLEDGED.toMillis());
        }
        return server.bind(address);
    }
}
