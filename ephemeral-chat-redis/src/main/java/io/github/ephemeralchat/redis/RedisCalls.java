package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.StoreTime;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.RoomId;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.ConnectionIntent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Redis and waits for the answer, never longer than {@link #COMMAND_TIMEOUT}, whatever the client's own settings are.
 *
 * <p>A command that is late is cancelled; if it had already been sent, the script finds that it comes too late and does
 * nothing: our idea of Redis's time is never ahead of it, so that no script runs after its caller has gone.
 */
final class RedisCalls {

    private static final Logger log = LoggerFactory.getLogger(RedisCalls.class);

    static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final long NODE_TIMEOUT_NANOS = Duration.ofMillis(500).toNanos();
    private static final Executor LATER = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS, Runnable::run);
    /** The key of a command that has none: any node of a cluster may answer it. */
    private static final String NO_KEY = "";

    private final KeyNames names;
    private final SupervisedConnection<StatefulConnection<String, String>> connection;
    private final StoreTime time;
    private final Servers servers = new Servers();
    private final AtomicBoolean wrongFormatLogged = new AtomicBoolean();

    /** Whether rooms' signals go over sharded pub/sub. */
    private volatile boolean sharded;

    RedisCalls(KeyNames names, SupervisedConnection<StatefulConnection<String, String>> connection, StoreTime time) {
        this.names = names;
        this.connection = connection;
        this.time = time;
    }

    KeyNames names() {
        return names;
    }

    Servers servers() {
        return servers;
    }

    boolean isSharded() {
        return sharded;
    }

    void setSharded(boolean sharded) {
        this.sharded = sharded;
    }

    /** Redis's time; asks for it if no reply has said it yet. */
    StoreTime time() {
        if (!time.isKnown()) {
            time.learn(micros(await(NO_KEY, RedisClusterAsyncCommands::time, deadline())));
        }
        return time;
    }

    static long micros(List<String> secondsAndMicros) {
        return Long.parseLong(secondsAndMicros.get(0)) * 1_000_000 + Long.parseLong(secondsAndMicros.get(1));
    }

    String memoryInfo() {
        return await(NO_KEY, redis -> redis.info("memory"), deadline());
    }

    /** Sends to the listeners of a room, on all nodes. */
    void publishToRoom(String channel, String signal) {
        if (sharded) {
            await(channel, redis -> redis.spublish(channel, signal), deadline());
        } else {
            publish(channel, signal);
        }
    }

    void publish(String channel, String signal) {
        await(channel, redis -> redis.publish(channel, signal), deadline());
    }

    /**
     * Runs a script about a room.
     *
     * @param own the script's arguments; one before them, the deadline, is common to all scripts
     * @return an answer that the script gave in time, about a room in a format that is known
     */
    Reply run(LuaScript script, RoomId room, Object... own) {
        long deadline = deadline();
        Reply reply = run(script, room, own, deadline);
        if (reply.status().equals("late")) {
            // Redis's clock may have been set forth: this reply says so, and the next try knows.
            reply = run(script, room, own, deadline);
        }
        return known(reply);
    }

    /** The answer of a script that ran in time, about a room in a format that is known. */
    Reply known(Reply reply) {
        return switch (reply.status()) {
            case "late" -> throw new ChatUnavailableException("Redis answered too late");
            case "wrong_format" -> throw wrongFormat();
            default -> reply;
        };
    }

    /** Adds to a count that all nodes share. */
    long count(String key, int more, long lifeMillis) {
        String[] arguments = {Integer.toString(more), Long.toString(lifeMillis)};
        return (Long) evaluate(LuaScript.COUNT, new String[] {key}, arguments, deadline())
                .get(0);
    }

    private IncompatibleRoomException wrongFormat() {
        if (!wrongFormatLogged.getAndSet(true)) {
            log.warn("There are rooms in Redis that were written by another version of this library, in a format that "
                    + "this one does not know. They are refused here, and left alone, until they end");
        }
        return new IncompatibleRoomException();
    }

    private Reply run(LuaScript script, RoomId room, Object[] own, long deadline) {
        time(); // Asked for before the first script.
        return reply(evaluate(script, names.keys(room), arguments(own, deadline), deadline));
    }

    /** What a script takes; Redis's time has to be known. */
    String[] arguments(Object[] own, long deadline) {
        String[] arguments = new String[own.length + 1];
        arguments[0] = Long.toString(time.microsIn(Duration.ofNanos(deadline - System.nanoTime())));
        for (int i = 0; i < own.length; i++) {
            arguments[i + 1] = own[i].toString();
        }
        return arguments;
    }

    /** What a script has answered, which says what time it is. */
    Reply reply(List<Object> answer) {
        Reply reply = new Reply(answer);
        time.learn(reply.micros());
        return reply;
    }

    private List<Object> evaluate(LuaScript script, String[] keys, String[] arguments, long deadline) {
        LuaScript.Source source = script.source(sharded);
        try {
            return await(
                    keys[0],
                    redis -> redis.evalsha(source.digest(), ScriptOutputType.MULTI, keys, arguments),
                    deadline);
        } catch (RedisNoScriptException e) {
            return await(
                    keys[0], redis -> redis.eval(source.text(), ScriptOutputType.MULTI, keys, arguments), deadline);
        }
    }

    static long deadline() {
        return System.nanoTime() + COMMAND_TIMEOUT.toNanos();
    }

    /** Sends a command and waits for the answer. */
    private <T> T await(
            String key, Function<RedisClusterAsyncCommands<String, String>, RedisFuture<T>> command, long deadline) {
        StatefulConnection<String, String> open = connection.get();
        RedisClusterNode node = key.equals(NO_KEY) ? null : Servers.nodeOf(open, key);
        Server server = servers.of(node);
        server.enter(deadline);
        try {
            if (node != null) {
                RedisFutures.await(openNode(open, node), deadline);
            }
            T answer = RedisFutures.await(command.apply(commands(open)), deadline);
            server.answered();
            return answer;
        } catch (RedisCommandExecutionException e) {
            server.answered();
            throw refusal(connection, e);
        } catch (RedisException e) {
            if (!(e instanceof RedisCommandInterruptedException)) {
                unanswered(connection, server, deadline, e);
            }
            throw RedisFutures.unavailable(e);
        } finally {
            server.leave();
        }
    }

    /** One master of a cluster that does not answer says little of the connection: that leads to all of them. */
    static void unanswered(SupervisedConnection<?> connection, Server server, long deadline, RedisException failure) {
        server.unanswered(deadline);
        if (server.isMasterOfCluster()) {
            connection.probeSoon();
        } else {
            connection.markSuspect(failure);
        }
    }

    static RuntimeException refusal(SupervisedConnection<?> connection, RedisCommandExecutionException e) {
        if (RedisFutures.isReadOnly(e)) {
            connection.markStale(e);
        }
        if (RedisFutures.isOutOfMemory(e)) {
            return new LimitExceededException("Redis's memory is full");
        }
        return e instanceof RedisNoScriptException ? e : RedisFutures.unavailable(e);
    }

    /** The commands that one server and a cluster have in common. */
    static RedisClusterAsyncCommands<String, String> commands(StatefulConnection<String, String> connection) {
        return connection instanceof StatefulRedisClusterConnection<String, String> cluster
                ? cluster.async()
                : ((StatefulRedisConnection<String, String>) connection).async();
    }

    /**
     * Waits for the connection to a node of a cluster: they are connected to one by one, and Lettuce refuses commands for one
     * that is not (its pull request 3782).
     */
    static CompletableFuture<StatefulRedisConnection<String, String>> openNode(
            StatefulConnection<String, String> cluster, RedisClusterNode node) {
        long deadline = System.nanoTime() + NODE_TIMEOUT_NANOS;
        return ((StatefulRedisClusterConnection<String, String>) cluster)
                .getConnectionAsync(node.getUri().getHost(), node.getUri().getPort(), ConnectionIntent.WRITE)
                .thenCompose(connection -> whenOpen(connection, deadline));
    }

    private static CompletableFuture<StatefulRedisConnection<String, String>> whenOpen(
            StatefulRedisConnection<String, String> connection, long deadline) {
        if (connection.isOpen() || System.nanoTime() - deadline >= 0) {
            return CompletableFuture.completedFuture(connection);
        }
        return CompletableFuture.runAsync(() -> {}, LATER).thenCompose(waited -> whenOpen(connection, deadline));
    }
}
