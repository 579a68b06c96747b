package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Redis and waits for the answer, never longer than {@link #COMMAND_TIMEOUT}, whatever the client's own settings are.
 *
 * <p>What was given up is cancelled; where it had already been sent, the script finds that it comes too late and does
 * nothing: our idea of Redis's time is never ahead of it, so that no script runs after its caller has gone.
 */
final class RedisCalls {

    private static final Logger log = LoggerFactory.getLogger(RedisCalls.class);

    static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CONNECTING = Duration.ofMillis(500);
    private static final Duration CONNECTING_LOOK = Duration.ofMillis(10);

    private final KeyNames names;
    private final SupervisedConnection<StatefulConnection<String, byte[]>> link;
    private final StoreTime time;
    private final Bulkhead gate = new Bulkhead();
    private final AtomicBoolean foreignTold = new AtomicBoolean();

    RedisCalls(KeyNames names, SupervisedConnection<StatefulConnection<String, byte[]>> link, StoreTime time) {
        this.names = names;
        this.link = link;
        this.time = time;
    }

    KeyNames names() {
        return names;
    }

    /** Redis's time; asks for it where no reply has told it yet. */
    StoreTime time() {
        if (!time.isKnown()) {
            time.learn(micros(await(RedisClusterAsyncCommands::time, giveUp())));
        }
        return time;
    }

    static long micros(List<byte[]> secondsAndMicros) {
        return Long.parseLong(Reply.string(secondsAndMicros.get(0))) * 1_000_000
                + Long.parseLong(Reply.string(secondsAndMicros.get(1)));
    }

    void publish(RoomId room, byte[] signal) {
        await(redis -> redis.publish(names.channel(room), signal), giveUp());
    }

    /**
     * Runs a script about a room.
     *
     * @param own the script's arguments after the first, which all have in common
     * @return an answer that the script gave in time, about a room in a format that is known
     */
    Reply run(LuaScript script, RoomId room, Object... own) {
        String[] keys = names.keys(room);
        long giveUp = giveUp();
        Reply reply = run(script, keys, own, giveUp);
        if (reply.status().equals("late")) {
            // Redis's clock may have been set forth, which this very reply has told.
            reply = run(script, keys, own, giveUp);
        }
        return switch (reply.status()) {
            case "late" -> throw new ChatUnavailableException("Redis answered too late");
            case "foreign" -> throw foreign();
            default -> reply;
        };
    }

    private IncompatibleRoomException foreign() {
        if (!foreignTold.getAndSet(true)) {
            log.warn("There are rooms in Redis that were written by another version of this library, in a format that "
                    + "this one does not know. They are refused here, and left alone, until they end");
        }
        return new IncompatibleRoomException();
    }

    private Reply run(LuaScript script, String[] keys, Object[] own, long giveUp) {
        Duration left = Duration.ofNanos(giveUp - System.nanoTime());
        byte[][] arguments = arguments(time().microsIn(left), own);
        Reply reply = new Reply(evaluate(script, keys, arguments, giveUp));
        time.learn(reply.micros());
        return reply;
    }

    private List<Object> evaluate(LuaScript script, String[] keys, byte[][] arguments, long giveUp) {
        try {
            return await(redis -> redis.evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments), giveUp);
        } catch (UnknownScriptException e) {
            return await(redis -> redis.eval(script.text(), ScriptOutputType.MULTI, keys, arguments), giveUp);
        }
    }

    private static byte[][] arguments(long giveUpMicros, Object[] own) {
        byte[][] all = new byte[own.length + 1][];
        all[0] = bytes(giveUpMicros);
        for (int i = 0; i < own.length; i++) {
            all[i + 1] = bytes(own[i]);
        }
        return all;
    }

    private static byte[] bytes(Object argument) {
        return argument.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long giveUp() {
        return System.nanoTime() + COMMAND_TIMEOUT.toNanos();
    }

    // ---- Waiting ----

    /**
     * In a cluster the first command for a node finds no connection yet, and with commands refused in that case
     * (lettuce pull request 3782) it would fail; so it is tried again for a moment.
     */
    private <T> T await(Function<RedisClusterAsyncCommands<String, byte[]>, ? extends Future<T>> command, long giveUp) {
        StatefulConnection<String, byte[]> connection = link.connection();
        boolean mayConnect = connection instanceof StatefulRedisClusterConnection;
        long lastTry = System.nanoTime() + CONNECTING.toNanos();
        gate.enter(giveUp);
        try {
            while (true) {
                try {
                    return answer(command.apply(RedisConnector.commands(connection)), giveUp);
                } catch (NotSentException e) {
                    if (!mayConnect || System.nanoTime() - lastTry >= 0) {
                        throw noAnswer("Redis is not connected");
                    }
                    pause();
                }
            }
        } catch (RedisException | CancellationException e) {
            throw noAnswer("Redis cannot be asked");
        } finally {
            gate.leave();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(CONNECTING_LOOK.toMillis());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static ChatUnavailableException interrupted() {
        Thread.currentThread().interrupt();
        return new ChatUnavailableException("interrupted while waiting for Redis");
    }

    /** Lettuce has no exception of its own for what it refuses to send. */
    private static boolean wasNotSent(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        return message != null && message.contains("Commands are rejected");
    }

    private <T> T answer(Future<T> sent, long giveUp) {
        try {
            T answer = sent.get(giveUp - System.nanoTime(), TimeUnit.NANOSECONDS);
            gate.answered();
            return answer;
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw noAnswer("Redis did not answer in time");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            sent.cancel(true);
            throw interrupted();
        }
    }

    private ChatUnavailableException noAnswer(String what) {
        link.doubt();
        return new ChatUnavailableException(what);
    }

    /** Never the cause itself: what a client says of a command may quote it. */
    private RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof RedisNoScriptException) {
            gate.answered();
            return new UnknownScriptException();
        }
        if (!(cause instanceof RedisCommandExecutionException refusal)) {
            return wasNotSent(cause) ? new NotSentException() : noAnswer("Redis cannot be asked");
        }
        gate.answered();
        if (refusal instanceof RedisReadOnlyException) {
            link.distrust();
        }
        return new ChatUnavailableException("Redis refuses: " + code(refusal.getMessage()));
    }

    /** The word that names an error, such as OOM or NOPERM. */
    private static String code(@Nullable String message) {
        String word = message == null ? "" : message.split(" ", 2)[0];
        return word.matches("[A-Z]{2,20}") ? word : "ERR";
    }

    /** Redis does not know the script by its digest. */
    private static final class UnknownScriptException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownScriptException() {
            super(null, null, false, false);
        }
    }

    /** It certainly has not reached Redis. */
    private static final class NotSentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSentException() {
            super(null, null, false, false);
        }
    }
}
