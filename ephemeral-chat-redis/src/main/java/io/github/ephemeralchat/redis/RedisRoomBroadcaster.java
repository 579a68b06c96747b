package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.redis.SignalChannel.Listener;
import io.github.ephemeralchat.redis.SignalChannel.State;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries signals over Redis's {@code PUBLISH} and {@code SUBSCRIBE}: a channel for each room that somebody on this node
 * listens to, and one of all nodes, on one connection. Thread-safe; made by {@link RedisChat}.
 *
 * <p>Listeners run on a few threads of their own, and never on the connection's unless that is an
 * {@linkplain RedisChat.Builder#eventLoopGroup event loop of the host's}. If Redis was away, if a channel had to be
 * subscribed again, or if listeners were too slow for the signals, they get {@link RoomSignal.Missed}.
 */
public final class RedisRoomBroadcaster implements RoomBroadcaster {

    private static final Logger log = LoggerFactory.getLogger(RedisRoomBroadcaster.class);
    /** How many channels a command names: one for each would fill the client's queue. */
    private static final int CHANNELS_AT_ONCE = 500;

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final RedisCalls calls;
    final SupervisedConnection<StatefulRedisPubSubConnection<String, byte[]>> connection;
    /** Whether listeners are called on the connection's thread, which is the host's; else on threads of their own. */
    private final boolean onHostsLoop;

    private final ExecutorService listenerThreads = DaemonThreads.pool("ephemeral-chat-redis-signals", 4);
    /** One thread changes the channels and sends their commands, so that these go out in the order of the changes. */
    private final ExecutorService channelThread = DaemonThreads.pool("ephemeral-chat-redis-channels", 1);

    /** By their names; one for each room that somebody listens to, and one of all nodes, until it is unsubscribed. */
    final ConcurrentMap<String, SignalChannel> channels = new ConcurrentHashMap<>();

    /** Whether some channel is not what its listeners need, so that a tick has to try again. */
    private volatile boolean unsettled;

    // The channel thread's own.
    private @Nullable StatefulRedisPubSubConnection<String, byte[]> current;
    private boolean refusalLogged;

    /** The ticking thread's own. */
    private long lastRetry = System.nanoTime();

    RedisRoomBroadcaster(
            RedisCalls calls,
            Supplier<CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>>> opener,
            boolean onHostsLoop) {
        this.calls = calls;
        this.onHostsLoop = onHostsLoop;
        this.connection = new SupervisedConnection<>(
                "signals", opener, opened -> opened.async().ping(), this::onAnswering);
    }

    @Override
    public boolean callsOnEventLoop() {
        return onHostsLoop;
    }

    @Override
    public void publish(RoomSignal signal) {
        calls.publish(calls.names().channel(signal.id()), SignalCodec.encode(signal));
    }

    @Override
    public void publishToAll(NodeSignal signal) {
        calls.publish(calls.names().channelOfAll(), NodeSignalCodec.encode(signal));
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> consumer) {
        Consumer<byte[]> decoding = bytes -> acceptIfKnown(consumer, SignalCodec.decode(room, bytes));
        Listener listener = new Listener(decoding, () -> consumer.accept(new RoomSignal.Missed(room)));
        return subscribe(calls.names().channel(room), listener);
    }

    @Override
    public Registration subscribeToAll(Consumer<NodeSignal> consumer) {
        Consumer<byte[]> decoding = bytes -> acceptIfKnown(consumer, NodeSignalCodec.decode(bytes));
        return subscribe(calls.names().channelOfAll(), new Listener(decoding, () -> {}));
    }

    private static <T> void acceptIfKnown(Consumer<T> consumer, @Nullable T signal) {
        if (signal != null) {
            consumer.accept(signal);
        }
    }

    private Registration subscribe(String name, Listener listener) {
        connection.get();
        change(() -> add(name, listener));
        try {
            RedisFutures.await(listener.subscribed(), System.nanoTime() + RedisCalls.COMMAND_TIMEOUT.toNanos());
        } catch (RedisException e) {
            close(name, listener);
            if (e instanceof RedisCommandTimeoutException) {
                connection.markSuspect(e);
            }
            throw RedisFutures.unavailable(e);
        }
        return () -> close(name, listener);
    }

    private void close(String name, Listener listener) {
        listener.close();
        change(() -> remove(name, listener));
    }

    /** Says to every listener that signals may have been lost. */
    void missed() {
        channels.values().forEach(SignalChannel::missed);
    }

    void tick() {
        connection.tick();
        if (unsettled && System.nanoTime() - lastRetry >= RETRY_NANOS) {
            lastRetry = System.nanoTime();
            change(this::settleAll);
        }
    }

    void close() {
        connection.close();
        channelThread.shutdownNow();
        listenerThreads.shutdownNow();
        channels.clear();
    }

    private void change(Runnable change) {
        executeUnlessClosed(channelThread, change);
    }

    private static void executeUnlessClosed(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("The broadcaster is closed");
        }
    }

    // ---- On the channel thread ----

    private void add(String name, Listener listener) {
        Executor executor = onHostsLoop ? null : task -> executeUnlessClosed(listenerThreads, task);
        SignalChannel channel = channels.computeIfAbsent(name, key -> new SignalChannel(key, executor));
        channel.add(listener);
        settle(List.of(channel));
    }

    private void remove(String name, Listener listener) {
        SignalChannel channel = channels.get(name);
        if (channel != null) {
            channel.remove(listener);
            settle(List.of(channel));
        }
    }

    private void onSubscribed(StatefulRedisPubSubConnection<String, byte[]> source, String name) {
        SignalChannel channel = channels.get(name);
        refusalLogged = false;
        if (channel == null) {
            // Lettuce has subscribed again to what nobody has wanted since the connection was lost.
            CompletionStage<Void> unused = source.async().unsubscribe(name);
        } else if (channel.state != State.UNSUBSCRIBING) {
            channel.subscribed();
            settle(List.of(channel));
        }
    }

    private void onUnsubscribed(String name) {
        SignalChannel channel = channels.get(name);
        if (channel != null && channel.state == State.UNSUBSCRIBING) {
            channel.state = State.ABSENT;
            settle(List.of(channel));
        }
    }

    private void onRefused(List<SignalChannel> some, Throwable failure) {
        if (failure instanceof RedisCommandExecutionException refusal && !refusalLogged) {
            refusalLogged = true;
            log.warn("{} (channels of rooms)", RedisFutures.reason(refusal), Failures.withoutMessages(refusal));
        }
        some.forEach(channel -> channel.refused(failure));
        removeUnused(some);
        unsettled = true;
    }

    /** Lettuce subscribes again to what it had; what is refused then, a tick tries again. */
    private void markAllAbsent() {
        channels.values().forEach(channel -> channel.state = State.ABSENT);
        removeUnused(channels.values());
        unsettled = true;
    }

    private void settleAll() {
        unsettled = false;
        settle(channels.values());
    }

    /** Sends what is missing. A channel that waits for an answer is settled when that comes. */
    private void settle(Collection<SignalChannel> some) {
        removeUnused(some);
        send(select(some, State.ABSENT, true), State.SUBSCRIBING, RedisPubSubAsyncCommands::subscribe);
        send(select(some, State.SUBSCRIBED, false), State.UNSUBSCRIBING, RedisPubSubAsyncCommands::unsubscribe);
    }

    private void removeUnused(Collection<SignalChannel> some) {
        select(some, State.ABSENT, false).forEach(channel -> channels.remove(channel.name()));
    }

    private static List<SignalChannel> select(Collection<SignalChannel> some, State state, boolean wanted) {
        return some.stream()
                .filter(channel -> channel.state == state && channel.isWanted() == wanted)
                .toList();
    }

    private void send(
            List<SignalChannel> all,
            State next,
            BiFunction<RedisPubSubAsyncCommands<String, byte[]>, String[], CompletionStage<Void>> command) {
        StatefulRedisPubSubConnection<String, byte[]> to = current;
        if (to == null || !to.isOpen()) {
            unsettled = unsettled || !all.isEmpty();
            return;
        }
        for (int from = 0; from < all.size(); from += CHANNELS_AT_ONCE) {
            List<SignalChannel> some = all.subList(from, Math.min(from + CHANNELS_AT_ONCE, all.size()));
            some.forEach(channel -> channel.state = next);
            String[] names = some.stream().map(SignalChannel::name).toArray(String[]::new);
            command.apply(to.async(), names).exceptionally(failure -> {
                changeIfCurrent(to, () -> onRefused(some, failure));
                return null;
            });
        }
    }

    // ---- The connection ----

    /** Whatever was not answered until now is asked again. */
    private void onAnswering(StatefulRedisPubSubConnection<String, byte[]> answering) {
        change(() -> {
            if (answering != current) {
                current = answering;
                listenTo(answering);
            }
            markAllAbsent();
            settleAll();
        });
    }

    /** What comes from an earlier connection does not count any more. */
    private void changeIfCurrent(StatefulRedisPubSubConnection<String, byte[]> source, Runnable change) {
        change(() -> {
            if (source == current) {
                change.run();
            }
        });
    }

    /** What runs on the connection's thread only hands over. */
    private void listenTo(StatefulRedisPubSubConnection<String, byte[]> source) {
        source.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                changeIfCurrent(source, RedisRoomBroadcaster.this::markAllAbsent);
            }
        });
        source.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String name, byte[] message) {
                SignalChannel channel = channels.get(name);
                if (channel != null) {
                    channel.offer(message);
                }
            }

            @Override
            public void subscribed(String name, long count) {
                changeIfCurrent(source, () -> onSubscribed(source, name));
            }

            @Override
            public void unsubscribed(String name, long count) {
                changeIfCurrent(source, () -> onUnsubscribed(name));
            }
        });
    }
}
