package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.redis.RedisConnector.ClusterNodes;
import io.github.ephemeralchat.redis.SignalChannel.Listener;
import io.github.ephemeralchat.redis.SignalConnection.Kind;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries signals over Redis's pub/sub: a channel for each room that somebody on this node listens to, and one of all nodes.
 * Thread-safe; made by {@link RedisChat}.
 *
 * <p>Over one server, or what Sentinels name, all channels are subscribed by {@code SUBSCRIBE} on one connection. So they are
 * in a cluster if one of its masters is older than Redis 7; each signal then goes to all servers of the cluster. Otherwise a
 * room's signals are sharded ({@code SPUBLISH}, {@code SSUBSCRIBE}): they go to the master that has the room's keys, on one
 * connection for each master, and to its replicas. If another master gets the slot or takes over, the room's channel is
 * subscribed there. The channel of all nodes is never sharded.
 *
 * <p>Listeners run on a few threads of their own, and never on the connection's unless that is an
 * {@linkplain RedisChat.Builder#eventLoopGroup event loop of the host's}. If Redis was away, if a channel had to be
 * subscribed again, or if listeners were too slow for the signals, they get {@link RoomSignal.Missed}.
 */
public final class RedisRoomBroadcaster implements RoomBroadcaster {

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final RedisCalls calls;
    private final String channelOfAll;
    /** Whether listeners are called on the connection's thread, which is the host's; else on threads of their own. */
    private final boolean onHostsLoop;

    private final ExecutorService listenerThreads = DaemonThreads.pool("ephemeral-chat-redis-signals", 4);
    private final SignalChannels all;
    private final SignalConnection plain;
    private final @Nullable MasterConnections masters;

    /** The one for all that is not sharded. */
    final SupervisedConnection<StatefulRedisPubSubConnection<String, byte[]>> connection;

    /** By their names; one for each room that somebody listens to, and one of all nodes, until it is unsubscribed. */
    final Map<String, SignalChannel> channels;

    // The ticking thread's own.
    private long lastRetry = System.nanoTime();
    private long lastLook = lastRetry - RETRY_NANOS;

    /** Creates one that shards nothing. */
    RedisRoomBroadcaster(
            RedisCalls calls,
            Supplier<CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>>> opener,
            boolean onHostsLoop) {
        this(calls, opener, null, onHostsLoop);
    }

    /**
     * Creates a broadcaster without connections.
     *
     * @param cluster the nodes of a cluster; null if it is none
     */
    RedisRoomBroadcaster(
            RedisCalls calls,
            Supplier<CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>>> opener,
            @Nullable ClusterNodes cluster,
            boolean onHostsLoop) {
        this.calls = calls;
        this.onHostsLoop = onHostsLoop;
        this.channelOfAll = calls.names().channelOfAll();
        this.all = new SignalChannels(
                channel -> homeOf(channel.name(), channel.slot()), onHostsLoop ? null : listenerThreads);
        this.channels = all.byName;
        this.plain = new SignalConnection(Kind.PLAIN, opener, all);
        this.connection = plain.connection;
        this.masters = cluster == null
                ? null
                : new MasterConnections(cluster, open -> new SignalConnection(Kind.SHARDED, open, all));
    }

    private @Nullable SignalConnection homeOf(String name, int slot) {
        return masters == null || !calls.isSharded() || name.equals(channelOfAll) ? plain : masters.of(slot);
    }

    @Override
    public boolean wakesOnListenerThread() {
        return onHostsLoop;
    }

    @Override
    public void publish(RoomSignal signal) {
        calls.publishToRoom(calls.names().channel(signal.id()), SignalCodec.encode(signal));
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
        SignalConnection home = homeOf(name, SlotHash.getSlot(name));
        if (home == plain) {
            connection.get();
        }
        all.change(() -> all.add(name, listener));
        try {
            RedisFutures.await(listener.subscribed(), System.nanoTime() + RedisCalls.COMMAND_TIMEOUT.toNanos());
        } catch (RedisException e) {
            close(name, listener);
            if (e instanceof RedisCommandTimeoutException && home != null) {
                home.connection.markSuspect(e);
            }
            throw RedisFutures.unavailable(e);
        }
        return () -> close(name, listener);
    }

    private void close(String name, Listener listener) {
        listener.close();
        all.change(() -> all.remove(name, listener));
    }

    /** Says to every listener that signals may have been lost. */
    void missed() {
        all.missed();
    }

    void tick() {
        connection.tick();
        long now = System.nanoTime();
        boolean isDoubted = all.isUnsettled() || (masters != null && masters.isAnyDoubted());
        boolean retries = isDoubted && now - lastRetry >= RETRY_NANOS;
        if (retries) {
            lastRetry = now;
        }
        if (masters != null) {
            tick(masters, retries, now);
        } else if (retries) {
            all.settleAllThen(() -> {});
        }
    }

    /** A slot may get another master at any time, and signals may become plain or sharded: each channel is looked at once a second. */
    private void tick(MasterConnections to, boolean retries, long now) {
        to.tick();
        if (retries) {
            to.refresh(() -> settleAll(to));
        } else if (now - lastLook >= RETRY_NANOS) {
            lastLook = now;
            settleAll(to);
        }
    }

    private void settleAll(MasterConnections to) {
        all.settleAllThen(() -> {
            if (calls.isSharded()) {
                to.keep(all.homes());
            }
        });
    }

    void close() {
        connection.close();
        if (masters != null) {
            masters.close();
        }
        all.close();
        listenerThreads.shutdownNow();
    }
}
