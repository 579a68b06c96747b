package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries signals over Redis's {@code PUBLISH} and {@code SUBSCRIBE}: a channel for each room that somebody on this node
 * listens to, all on one connection. Thread-safe; made by {@link RedisChat}.
 *
 * <p>Listeners run on a few threads of their own, never on the connection's. Where Redis was away, where a channel had
 * to be subscribed again, or where listeners were too slow for the signals, they hear {@link RoomSignal.Missed}.
 */
public final class RedisRoomBroadcaster implements RoomBroadcaster {

    private static final Logger log = LoggerFactory.getLogger(RedisRoomBroadcaster.class);
    private static final int THREADS = 4;
    private static final int AT_ONCE = 500;

    private final RedisCalls calls;
    private final SupervisedConnection<StatefulRedisPubSubConnection<String, byte[]>> link;
    private final ExecutorService executor = DaemonThreads.pool("ephemeral-chat-redis-signals", THREADS);
    private final ConcurrentMap<RoomId, RoomChannel> channels = new ConcurrentHashMap<>();
    private final RedisPubSubListener<String, byte[]> ear = new RedisPubSubAdapter<>() {
        @Override
        public void message(String channel, byte[] message) {
            heard(channel, message);
        }

        @Override
        public void subscribed(String channel, long count) {
            RedisRoomBroadcaster.this.subscribed(channel);
        }
    };

    RedisRoomBroadcaster(
            RedisCalls calls, CompletionStageSupplier<StatefulRedisPubSubConnection<String, byte[]>> opener) {
        this.calls = calls;
        this.link = new SupervisedConnection<>(
                "signals",
                () -> opener.get().thenApply(this::withEar),
                connection -> connection.async().ping(),
                this::subscribeAll,
                () -> {});
    }

    private StatefulRedisPubSubConnection<String, byte[]> withEar(
            StatefulRedisPubSubConnection<String, byte[]> connection) {
        connection.addListener(ear);
        return connection;
    }

    SupervisedConnection<StatefulRedisPubSubConnection<String, byte[]>> link() {
        return link;
    }

    // ---- Sending ----

    @Override
    public void publish(RoomSignal signal) {
        calls.publish(signal.id(), SignalCodec.encode(signal));
    }

    // ---- Listening ----

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> consumer) {
        link.connection();
        RoomChannel.Listener listener = new RoomChannel.Listener(consumer);
        RoomChannel channel = channels.compute(room, (id, present) -> {
            RoomChannel one = present == null ? newChannel(id) : present;
            one.add(listener);
            return one;
        });
        try {
            awaitConfirmed(channel);
        } catch (RuntimeException e) {
            remove(room, channel, listener);
            throw e;
        }
        return () -> remove(room, channel, listener);
    }

    /** Inside the map's own lock for that room, so that the commands go out in the order in which the map changes. */
    private RoomChannel newChannel(RoomId room) {
        RoomChannel channel = new RoomChannel(room, executor);
        StatefulRedisPubSubConnection<String, byte[]> connection = link.connection();
        ignoringFailure(() -> connection.async().subscribe(calls.names().channel(room)));
        return channel;
    }

    private void awaitConfirmed(RoomChannel channel) {
        try {
            channel.confirmed().get(RedisCalls.COMMAND_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            link.doubt();
            throw new ChatUnavailableException("Redis did not confirm a subscription in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatUnavailableException("interrupted while subscribing");
        }
    }

    private void remove(RoomId room, RoomChannel channel, RoomChannel.Listener listener) {
        listener.close();
        channels.computeIfPresent(room, (id, present) -> {
            if (present != channel || !channel.remove(listener)) {
                return present;
            }
            unsubscribe(room);
            return null;
        });
    }

    // ---- On the connection's thread: it only hands over ----

    private void heard(String channel, byte[] message) {
        RoomId room = calls.names().room(channel);
        RoomChannel known = room == null ? null : channels.get(room);
        if (known != null) {
            known.offer(message);
        }
    }

    private void subscribed(String channel) {
        RoomId room = calls.names().room(channel);
        RoomChannel known = room == null ? null : channels.get(room);
        if (known != null) {
            known.subscribed();
        } else if (room != null) {
            settle(room);
        }
    }

    /** Either it is only about to be in the map, or an earlier connection had it and never heard that it is unwanted. */
    private void settle(RoomId room) {
        try {
            executor.execute(() -> channels.compute(room, (id, present) -> {
                if (present == null) {
                    unsubscribe(id);
                } else {
                    present.subscribed();
                }
                return present;
            }));
        } catch (RejectedExecutionException e) {
            log.debug("A subscription was confirmed after the end");
        }
    }

    // ---- The wire; what fails here is made good by the next connection ----

    private void unsubscribe(RoomId room) {
        StatefulRedisPubSubConnection<String, byte[]> connection = link.currentOrNull();
        if (connection != null && connection.isOpen()) {
            ignoringFailure(() -> connection.async().unsubscribe(calls.names().channel(room)));
        }
    }

    private static void ignoringFailure(CompletionStageSupplier<?> command) {
        try {
            command.get().exceptionally(failure -> null);
        } catch (RedisException e) {
            log.debug("A command for signals was not sent: {}", e.getClass().getName());
        }
    }

    /**
     * On a connection that has taken another one's place: many at a time, or the client's queue would refuse some. What
     * comes or goes meanwhile is settled when it is confirmed.
     */
    private void subscribeAll(StatefulRedisPubSubConnection<String, byte[]> connection) {
        List<String> names =
                channels.keySet().stream().map(calls.names()::channel).toList();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<String> some = names.subList(from, Math.min(from + AT_ONCE, names.size()));
            ignoringFailure(() -> connection.async().subscribe(some.toArray(String[]::new)));
        }
    }

    /** Says to every listener that signals may have been lost. */
    void missed() {
        channels.values().forEach(RoomChannel::missed);
    }

    void close() {
        link.close();
        channels.clear();
        executor.shutdownNow();
    }

    /** Begins something that completes later. */
    @FunctionalInterface
    interface CompletionStageSupplier<T> {
        CompletionStage<? extends T> get();
    }
}
