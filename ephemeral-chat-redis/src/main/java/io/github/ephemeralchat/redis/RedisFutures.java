package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The one way to wait for Redis: until a deadline, interruptible, and with one kind of exception. */
final class RedisFutures {

    private static final Set<String> TOPOLOGY =
            Set.of("MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN");

    private static final String SCRIPT_FAILED = "ERR Error running script";
    private static final String QUOTED = ": -";

    private RedisFutures() {}

    /**
     * Waits, and cancels what does not come in time.
     *
     * @param deadlineNanos by {@link System#nanoTime()}
     * @throws RedisException if it failed, or did not come in time, or the thread was interrupted
     */
    static <T> T await(Future<T> future, long deadlineNanos) {
        try {
            return future.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (CancellationException e) {
            throw new RedisException(e);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new RedisCommandTimeoutException("no answer in time");
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new RedisCommandInterruptedException(e);
        }
    }

    static RedisException failure(@Nullable Throwable cause) {
        return cause instanceof RedisException failure ? failure : new RedisException(cause);
    }

    /** What a caller gets. Without the client's own messages: what it says of a command may quote it. */
    static ChatUnavailableException unavailable(RedisException failure) {
        return new ChatUnavailableException(reason(failure), Failures.withoutMessages(failure));
    }

    static String reason(RedisException failure) {
        if (failure instanceof RedisCommandExecutionException) {
            return "Redis refuses: " + errorCode(failure.getMessage());
        }
        if (failure instanceof RedisCommandTimeoutException) {
            return "Redis did not answer in time";
        }
        return failure instanceof RedisCommandInterruptedException
                ? "interrupted while waiting for Redis"
                : "Redis cannot be asked";
    }

    static boolean isOutOfMemory(RedisCommandExecutionException refusal) {
        return errorCode(refusal.getMessage()).equals("OOM");
    }

    /** Whether a server says that it is no primary any more. */
    static boolean isReadOnly(RedisCommandExecutionException refusal) {
        return errorCode(refusal.getMessage()).equals("READONLY");
    }

    /** Whether a server of a cluster says that another one has the slot, or that it does not know yet. */
    static boolean isOfTopology(RedisCommandExecutionException refusal) {
        return TOPOLOGY.contains(errorCode(refusal.getMessage()));
    }

    static boolean isForbidden(RedisCommandExecutionException refusal) {
        return errorCode(refusal.getMessage()).equals("NOPERM");
    }

    /** The word that names an error, such as OOM or NOPERM. */
    private static String errorCode(@Nullable String message) {
        String word = message == null ? "" : ownMessage(message).split(" ", 2)[0];
        return word.matches("[A-Z]{2,20}") ? word : "ERR";
    }

    /** Before version 7, Redis quotes what a command in a script was refused with, after where that was. */
    private static String ownMessage(String message) {
        int at = message.startsWith(SCRIPT_FAILED) ? message.indexOf(QUOTED) : -1;
        return at < 0 ? message : message.substring(at + QUOTED.length());
    }
}
