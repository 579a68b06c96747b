package io.github.ephemeralchat.redis;

import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
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
        return others.mutate()
                .eventLoopGroupProvider(this)
                .eventExecutorGroup(others.eventExecutorGroup())
                .timer(others.timer())
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
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
