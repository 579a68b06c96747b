package io.github.ephemeralchat.redis;

import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Event loops of the host's, for Lettuce to put connections on. They are the host's to end.
 *
 * @param group one loop, or several
 */
record EventLoops(EventLoopGroup group) implements EventLoopGroupProvider {

    /** The loops of a group, each for itself; none if there is no group. */
    static List<EventLoop> of(@Nullable EventLoopGroup group) {
        return group == null
                ? List.of()
                : StreamSupport.stream(group.spliterator(), false)
                        .map(EventLoop.class::cast)
                        .toList();
    }

    /** The same resources, with all connections on these loops. To be shut down before the others, of which it leaves all. */
    ClientResources with(ClientResources others) {
        return builder(others).build();
    }

    /** The same with connections that send their commands in batches. */
    ClientResources with(ClientResources others, Duration batchDelay) {
        NettyCustomizer hosts = others.nettyCustomizer();
        NettyCustomizer batching = new NettyCustomizer() {
            @Override
            public void afterBootstrapInitialized(Bootstrap bootstrap) {
                hosts.afterBootstrapInitialized(bootstrap);
            }

            @Override
            public void afterChannelInitialized(Channel channel) {
                hosts.afterChannelInitialized(channel);
                BatchedFlush.addTo(channel, batchDelay);
            }
        };
        return builder(others).nettyCustomizer(batching).build();
    }

    private ClientResources.Builder builder(ClientResources others) {
        return others.mutate()
                .eventLoopGroupProvider(this)
                .eventExecutorGroup(others.eventExecutorGroup())
                .timer(others.timer())
                .commandLatencyRecorder(CommandLatencyRecorder.disabled());
    }

    @Override
    @SuppressWarnings("unchecked") // Lettuce uses it as an EventLoopGroup, whatever kind it names.
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
        return (T) group;
    }

    @Override
    public int threadPoolSize() {
        return of(group).size();
    }

    @Override
    public Future<Boolean> release(EventExecutorGroup released, long quietPeriod, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }
}
