package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Deadlines;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.RoomId;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks Redis without a thread that waits for the answer. Nothing blocks; no more than {@link #MAX_UNDER_WAY} commands are
 * under way at once to a server, and {@link #tick} ends those whose time is over. As for {@link RedisCalls}, a script that runs too late
 * does nothing.
 */
final class AsyncRedisCalls {

    static final int MAX_UNDER_WAY = 1000;

    private final RedisCalls calls;
    private final Supplier<SupervisedConnection<StatefulConnection<String, String>>> connections;
    private final Deadlines deadlines = new Deadlines();

    /** A script with what it takes. */
    private record Call(LuaScript script, List<String> keys, List<Object> own, long deadline) {

        String[] keyArray() {
            return keys.toArray(String[]::new);
        }
    }

    /**
     * Creates the calls.
     *
     * @param calls the same with a thread that waits
     * @param connections the connection for commands of the calling thread
     */
    AsyncRedisCalls(RedisCalls calls, Supplier<SupervisedConnection<StatefulConnection<String, String>>> connections) {
        this.calls = calls;
        this.connections = connections;
    }

    /** As {@link RedisCalls#run}; completes on the connection's thread, or fails on any. */
    CompletionStage<Reply> run(LuaScript script, RoomId room, Object... own) {
        try {
            SupervisedConnection<StatefulConnection<String, String>> connection = connections.get();
            Call call = new Call(script, List.of(calls.names().keys(room)), List.of(own), RedisCalls.deadline());
            return run(connection, call)
                    // Redis's clock may have been set forth: this reply says so, and the next try knows.
                    .thenCompose(reply -> reply.status().equals("late")
                            ? run(connection, call)
                            : CompletableFuture.completedStage(reply))
                    .thenApply(calls::known);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Reply> run(SupervisedConnection<StatefulConnection<String, String>> connection, Call call) {
        String[] arguments = calls.arguments(call.own.toArray(), call.deadline);
        LuaScript.Source source = call.script.source(calls.isSharded());
        return send(
                        connection,
                        call,
                        redis -> redis.evalsha(source.digest(), ScriptOutputType.MULTI, call.keyArray(), arguments))
                .exceptionallyCompose(failure -> Failures.causeOf(failure) instanceof RedisNoScriptException
                        ? send(
                                connection,
                                call,
                                redis -> redis.eval(source.text(), ScriptOutputType.MULTI, call.keyArray(), arguments))
                        : CompletableFuture.failedStage(failure))
                .thenApply(calls::reply);
    }

    private CompletionStage<List<Object>> send(
            SupervisedConnection<StatefulConnection<String, String>> connection,
            Call call,
            Function<RedisClusterAsyncCommands<String, String>, RedisFuture<List<Object>>> command) {
        StatefulConnection<String, String> open = connection.get();
        RedisClusterNode node = Servers.nodeOf(open, call.keys.get(0));
        Server server = calls.servers().of(node);
        server.begin();
        CompletionStage<List<Object>> answer;
        try {
            answer = node == null
                    ? sent(open, call, command)
                    : opened(open, node, call).thenCompose(opened -> sent(open, call, command));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedStage(e);
        }
        return answer.handle((value, failure) -> {
            server.end();
            if (failure != null) {
                throw new CompletionException(failure(connection, server, call, Failures.causeOf(failure)));
            }
            server.answered();
            return value;
        });
    }

    /** A connection that is only being opened may take longer than the call. */
    private CompletableFuture<?> opened(StatefulConnection<String, String> open, RedisClusterNode node, Call call) {
        CompletableFuture<?> opening = RedisCalls.openNode(open, node);
        if (!opening.isDone()) {
            deadlines.add(opening, call.deadline, () -> opening.cancel(true));
        }
        return opening;
    }

    private CompletionStage<List<Object>> sent(
            StatefulConnection<String, String> open,
            Call call,
            Function<RedisClusterAsyncCommands<String, String>, RedisFuture<List<Object>>> command) {
        RedisFuture<List<Object>> sent = command.apply(RedisCalls.commands(open));
        deadlines.add(sent, call.deadline, () -> sent.cancel(true));
        return sent;
    }

    private static RuntimeException failure(
            SupervisedConnection<StatefulConnection<String, String>> connection,
            Server server,
            Call call,
            Throwable cause) {
        if (cause instanceof RedisCommandExecutionException refusal) {
            server.answered();
            return RedisCalls.refusal(connection, refusal);
        }
        RedisException failure = cause instanceof CancellationException
                ? new RedisCommandTimeoutException("no answer in time")
                : RedisFutures.failure(cause);
        RedisCalls.unanswered(connection, server, call.deadline, failure);
        return RedisFutures.unavailable(failure);
    }

    /** Ends the commands whose time is over; called by one thread, ten times a second. */
    void tick() {
        deadlines.tick();
    }
}
