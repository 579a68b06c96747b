package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.StoreTime;
import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.spi.LogLimits;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects a node to Redis, and has the {@link #store() store} and the {@link #broadcaster() broadcaster} over its
 * connections: two, and one more for each {@linkplain Builder#eventLoopGroup event loop of the host's}; in a cluster two more
 * for each master. Thread-safe; one for each application is enough, whatever the number of rooms.
 *
 * <pre>{@code
 * RedisChat redis = RedisChat.connect(RedisURI.create("redis://localhost"));
 * EphemeralChatService chat = EphemeralChatService.create(redis.store(), redis.broadcaster());
 * }</pre>
 *
 * <p>One URI names a server, or with {@code redis-sentinel://} the one that the Sentinels name; several name nodes of a
 * cluster. While Redis cannot be reached, calls fail within 2.5 seconds and nothing is queued; the connections recover by
 * themselves. Lettuce's own loggers print what is sent and received at {@code DEBUG} and {@code TRACE}, which includes
 * what people write: leave them at {@code INFO}.
 *
 * @see RedisRoomStore what is kept in Redis, and the commands that a Redis user has to be allowed
 */
public final class RedisChat implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(100);

    /** A cluster may be upgraded while nodes run. */
    private static final long SHARDING_CHECK_NANOS = Duration.ofMinutes(1).toNanos();

    private static final long SHARDING_CHECK_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final RedisConnector connector;
    private final boolean shardsIfPossible;
    private final SupervisedConnection<StatefulConnection<String, String>> connection;
    /** For commands whose answers nobody waits for: one on each event loop of the host's. */
    private final Map<EventLoop, SupervisedConnection<StatefulConnection<String, String>>> onLoops =
            new LinkedHashMap<>();

    private final StoreTime time = new StoreTime(System::nanoTime);
    final RedisCalls calls;
    private final AsyncRedisCalls asyncCalls;
    private final ShardingCheck sharding;
    private final RedisRoomStore store;
    private final RedisRoomBroadcaster broadcaster;
    private @Nullable Ticker ticker;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Whether the last check has said if signals can be sharded. */
    private volatile boolean shardingKnown;

    /** The ticking thread's own. */
    private long shardingChecked = System.nanoTime();

    private RedisChat(RedisConnector connector, KeyNames names, LogLimits limits, boolean shardsIfPossible) {
        this.connector = connector;
        this.shardsIfPossible = shardsIfPossible;
        this.connection =
                new SupervisedConnection<>("rooms", connector.openCommands(), this::askTime, this::onAnswering);
        connector
                .openOnLoops()
                .forEach((loop, opener) ->
                        onLoops.put(loop, new SupervisedConnection<>("posts", opener, this::askTime, opened -> {})));
        this.calls = new RedisCalls(names, connection, time);
        this.asyncCalls = new AsyncRedisCalls(calls, this::connectionHere);
        this.sharding = new ShardingCheck(names.channelOfAll());
        this.store = new RedisRoomStore(calls, asyncCalls, limits);
        this.broadcaster =
                new RedisRoomBroadcaster(calls, connector.openSignals(), connector.cluster(), !onLoops.isEmpty());
    }

    /**
     * Connects with the usual settings.
     *
     * @param uris one server, one set of Sentinels, or several nodes of one cluster
     * @return a store and a broadcaster, connected
     * @throws ChatUnavailableException if Redis cannot be reached
     */
    public static RedisChat connect(RedisURI... uris) {
        Builder builder = builder();
        return (Objects.requireNonNull(uris, "uris").length == 1 ? builder.server(uris[0]) : builder.cluster(uris))
                .connect();
    }

    /**
     * Reads an address as Lettuce does, for hosts that have it as a text. Unlike {@link RedisURI#create(String)} it never
     * repeats what it cannot read, which may hold a password.
     *
     * @param text {@code redis://...}, {@code rediss://...} for TLS, or {@code redis-sentinel://...}
     * @return the address
     * @throws IllegalArgumentException if it is none
     */
    public static RedisURI address(String text) {
        return Address.parse(Objects.requireNonNull(text, "text"));
    }

    /**
     * Creates a builder of connections with settings of the host's.
     *
     * @return a builder that holds the usual settings, and no server
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the store, the same one each time} */
    public RedisRoomStore store() {
        return store;
    }

    /** {@return the broadcaster, the same one each time} */
    public RedisRoomBroadcaster broadcaster() {
        return broadcaster;
    }

    private RedisChat open() {
        try {
            connection.open();
            onLoops.values().forEach(SupervisedConnection::open);
            broadcaster.connection.open();
            store.now();
            RedisFutures.await(checkSharding(), System.nanoTime() + SHARDING_CHECK_AGAIN_NANOS);
            EvictionPolicyCheck.warnIfEvicting(calls);
            ticker = Ticker.start("ephemeral-chat-redis-connections", TICK, this::tick);
            return this;
        } catch (RedisException e) {
            close();
            throw RedisFutures.unavailable(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The one on the calling thread if that is one of the host's event loops: then no other thread is woken up. */
    private SupervisedConnection<StatefulConnection<String, String>> connectionHere() {
        for (var onLoop : onLoops.entrySet()) {
            if (onLoop.getKey().inEventLoop()) {
                return onLoop.getValue();
            }
        }
        return connection;
    }

    private void tick() {
        connection.tick();
        onLoops.values().forEach(SupervisedConnection::tick);
        asyncCalls.tick();
        calls.servers().tick(connection.current());
        broadcaster.tick();
        long pause = shardingKnown ? SHARDING_CHECK_NANOS : SHARDING_CHECK_AGAIN_NANOS;
        if (System.nanoTime() - shardingChecked >= pause) {
            shardingChecked = System.nanoTime();
            CompletableFuture<Void> unused = checkSharding();
        }
    }

    /** Finds out whether signals can be sharded; what is not known now changes nothing. Never fails. */
    private CompletableFuture<Void> checkSharding() {
        return shardsIfPossible
                        && connector.cluster() != null
                        && connection.current() instanceof StatefulRedisClusterConnection<String, String> cluster
                ? sharding.ask(cluster).thenAccept(this::setSharded)
                : CompletableFuture.completedFuture(null);
    }

    private void setSharded(Optional<Boolean> sharded) {
        shardingKnown = sharded.isPresent();
        sharded.ifPresent(calls::setSharded);
    }

    private CompletionStage<Void> askTime(StatefulConnection<String, String> to) {
        return RedisCalls.commands(to).time().thenAccept(answer -> time.learn(RedisCalls.micros(answer)));
    }

    /** While Redis was away signals were sent that nobody here has heard, whatever the other connection looked like. */
    private void onAnswering(StatefulConnection<String, String> again) {
        broadcaster.missed();
    }

    /**
     * Closes the connections, and the client if the library has made it. Rooms live on. Idempotent; takes a few seconds
     * at most.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (ticker != null) {
                ticker.close();
            }
            broadcaster.close();
            connection.close();
            onLoops.values().forEach(SupervisedConnection::close);
            connector.close().run();
        }
    }

    /** The settings of a {@link RedisChat}. Not thread-safe. */
    public static final class Builder {

        private static final Duration MAX_BATCH_DELAY = Duration.ofMillis(100);

        private @Nullable Supplier<RedisConnector> connector;
        private ClientOptions clientOptions = ClientOptions.create();
        private @Nullable ClientResources clientResources;
        private @Nullable EventLoopGroup eventLoops;
        private Duration batchDelay = Duration.ZERO;
        private String keyPrefix = "ec";
        private LogLimits logLimits = LogLimits.DEFAULT;
        private boolean shardsIfPossible = true;

        private Builder() {}

        /**
         * Names the server, or with {@code redis-sentinel://} the Sentinels that know it.
         *
         * @param uri where it is, and what it asks for
         * @return this builder
         */
        public Builder server(RedisURI uri) {
            Objects.requireNonNull(uri, "uri");
            this.connector = () -> RedisConnector.own(uri, clientOptions, clientResources, eventLoops, batchDelay);
            return this;
        }

        /**
         * Names nodes of a cluster; one that answers is enough.
         *
         * @param nodes where they are
         * @return this builder
         * @throws IllegalArgumentException if there is none
         */
        public Builder cluster(RedisURI... nodes) {
            if (Objects.requireNonNull(nodes, "nodes").length == 0) {
                throw new IllegalArgumentException("a cluster has at least one node");
            }
            List<RedisURI> copy = List.of(nodes);
            this.connector = () -> RedisConnector.ownCluster(copy, clientOptions, clientResources, eventLoops);
            return this;
        }

        /**
         * Uses the host's client, which the host closes itself, after this. Two connections are opened with it. Its
         * options are the host's; {@link ClientOptions.DisconnectedBehavior#REJECT_COMMANDS} and a
         * reconnect delay of at most 500 ms suit best.
         *
         * @param client the client
         * @param uri where it connects to
         * @return this builder
         */
        public Builder client(RedisClient client, RedisURI uri) {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(uri, "uri");
            this.connector = () -> RedisConnector.ofHost(client, uri);
            return this;
        }

        /**
         * Uses the host's client of a cluster, as {@link #client(RedisClient, RedisURI)} does. If signals are sharded, the library
         * opens one connection to each master for them itself, with the options and resources of the client.
         *
         * @param client the client, which knows the nodes
         * @param uri one of the nodes, with what each connection takes: user, password, TLS
         * @return this builder
         */
        public Builder client(RedisClusterClient client, RedisURI uri) {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(uri, "uri");
            this.connector = () -> RedisConnector.ofHost(client, uri);
            return this;
        }

        /**
         * Takes over what a host has for connections of its own, such as TLS and its threads, for the client that the
         * library makes for a server or a cluster. How commands wait, time out and are refused stays as rooms need it;
         * a client that is the host's own is not touched by this.
         *
         * @param options the host's options
         * @param resources the host's resources, which it shuts down itself, after this
         * @return this builder
         */
        public Builder basedOn(ClientOptions options, ClientResources resources) {
            Objects.requireNonNull(options, "options");
            Objects.requireNonNull(resources, "resources");
            this.clientOptions = options;
            this.clientResources = resources;
            return this;
        }

        /**
         * Puts the connections on event loops of the host's, one for commands on each, for the client that the library makes
         * for a server or a cluster. If the Netty server has the same loops, a post is answered on the loop that has read it, and
         * no other thread takes part. A client that is the host's own is not touched by this.
         *
         * @param group the loops, which the host ends itself, after this; of the transport that Lettuce chooses: epoll if it
         *     is available
         * @return this builder
         */
        public Builder eventLoopGroup(EventLoopGroup group) {
            this.eventLoops = Objects.requireNonNull(group, "eventLoopGroup");
            return this;
        }

        /**
         * Lets posts on the {@linkplain #eventLoopGroup host's event loops} wait for each other, so that several go to Redis and
         * reach other nodes together, at a lower cost for each. A post goes at once if its loop has sent none within this time,
         * else when eight wait or the time is over. A client that waits for each response before it posts again is slowed down to
         * one post in this time. Without effect in a cluster, and on calls from other threads.
         *
         * @param delay how long a post waits at most before it is sent, 0 to 100 ms; 0, which is the default, sends each at once
         * @return this builder
         * @throws IllegalArgumentException if the delay is negative or longer
         */
        public Builder maxBatchDelay(Duration delay) {
            if (Objects.requireNonNull(delay, "delay").isNegative() || delay.compareTo(MAX_BATCH_DELAY) > 0) {
                throw new IllegalArgumentException("a batch waits for 0 to 100 ms");
            }
            this.batchDelay = delay;
            return this;
        }

        /**
         * Sets what all keys and channels begin with.
         *
         * @param prefix 1 to 64 characters of {@code [A-Za-z0-9_.:-]}; {@code ec} if it is not set
         * @return this builder
         */
        public Builder keyPrefix(String prefix) {
            this.keyPrefix = Objects.requireNonNull(prefix, "keyPrefix");
            return this;
        }

        /**
         * Sets how much of each room's log is retained. Nodes that share rooms should have the same.
         *
         * @param limits the limits; {@link LogLimits#DEFAULT} if they are not set
         * @return this builder
         */
        public Builder logLimits(LogLimits limits) {
            this.logLimits = Objects.requireNonNull(limits, "logLimits");
            return this;
        }

        /** Sends signals in a cluster as if a master was older than Redis 7. */
        Builder plainSignals() {
            this.shardsIfPossible = false;
            return this;
        }

        /**
         * Connects.
         *
         * @return a store and a broadcaster, connected
         * @throws ChatUnavailableException if Redis cannot be reached
         * @throws IllegalArgumentException if a setting is not valid
         * @throws IllegalStateException if no server was named
         */
        public RedisChat connect() {
            KeyNames names = new KeyNames(keyPrefix);
            if (connector == null) {
                throw new IllegalStateException("name a server, a cluster or a client");
            }
            return new RedisChat(connector.get(), names, logLimits, shardsIfPossible).open();
        }
    }
}
