package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.Bulkhead;
import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.support.Deadlines;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.StoreTime;
import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks PostgreSQL over the host's pool and waits for the answer, never longer than {@link #TIMEOUT}, whatever the pool's own
 * settings are.
 *
 * <p>Each call is one statement and its own transaction, on a thread of ours: so nobody waits for the pool. No more calls are
 * under way than connections may be in use. A call that arrives at the server after its caller has gone finds that it
 * comes too late and does nothing: our idea of the server's time is never ahead of it.
 */
final class DatabaseCalls implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DatabaseCalls.class);

    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Duration TICK = Duration.ofMillis(100);

    /** What fails again within this time is the same outage, though other calls are answered meanwhile. */
    private static final long OUTAGE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final String TIME = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros";

    /** So many calls may be under way for which nobody waits: each takes a thread, and most of these wait for a connection. */
    static final int MAX_UNDER_WAY = 64;

    private final PooledStatements statements;
    private final ExecutorService threads;
    private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);
    private final Deadlines deadlines = new Deadlines();
    private final Ticker ticker = Ticker.start("ephemeral-chat-postgresql-deadlines", TICK, deadlines::tick);
    private final Bulkhead bulkhead;
    private final StoreTime time = new StoreTime(System::nanoTime);
    /** When something last failed; none yet: long ago. */
    private final AtomicLong lastFailure = new AtomicLong(System.nanoTime() - OUTAGE_NANOS);

    private final AtomicBoolean wrongFormatLogged = new AtomicBoolean();

    DatabaseCalls(DataSource pool, int maxConnections) {
        this.threads = DaemonThreads.unbounded("ephemeral-chat-postgresql-calls");
        this.bulkhead = new Bulkhead("PostgreSQL", maxConnections);
        this.statements = new PooledStatements(pool, bulkhead::answered);
    }

    /** The server's time; asks for it if no answer has said it yet. */
    StoreTime time() {
        if (!time.isKnown()) {
            query(TIME, this::learnTime);
        }
        return time;
    }

    /**
     * Calls a function about a room, whose arguments begin with a code and the time after which nobody waits any more.
     *
     * @param reader reads the answer, which the function gave in time, about a room in a format that is known
     * @param own the arguments after these two
     */
    <T> T call(String function, String code, Function<Row, T> reader, @Nullable Object... own) {
        long deadline = deadline();
        return run(() -> answer(function, code, deadline, reader, own), deadline);
    }

    /** Calls a function in an actor's name. */
    <T> T call(RoomId room, ChangeCall call, Function<Row, T> reader) {
        return call(call.function(), room.value(), reader, call.arguments().toArray());
    }

    /**
     * Does the same without a caller that waits. No more than {@link #MAX_UNDER_WAY} such calls are under way; one more fails at
     * once.
     *
     * @param then what to make of an answer before it is given, on the thread that has asked for it
     */
    <T> CompletionStage<T> callAsync(RoomId room, ChangeCall call, Function<Row, T> reader, UnaryOperator<T> then) {
        long deadline = deadline();
        if (!underWay.tryAcquire()) {
            return CompletableFuture.failedStage(new ChatUnavailableException("enough calls wait for PostgreSQL"));
        }
        @Nullable Object[] own = call.arguments().toArray();
        CompletableFuture<T> answer = new CompletableFuture<>();
        Callable<T> asking =
                () -> then.apply(inPlace(() -> answer(call.function(), room.value(), deadline, reader, own), deadline));
        Future<?> task;
        try {
            task = start(
                    () -> {
                        complete(answer, asking);
                        return true;
                    },
                    underWay::release);
        } catch (ChatUnavailableException e) {
            return CompletableFuture.failedStage(e);
        }
        deadlines.add(
                answer,
                deadline,
                () -> answer.completeExceptionally(late(task, new TimeoutException("no answer in time"))));
        return answer;
    }

    private <T> void complete(CompletableFuture<T> answer, Callable<T> asking) {
        try {
            answer.complete(asking.call());
        } catch (Throwable e) {
            answer.completeExceptionally(failure(e));
        }
    }

    /** Takes note of the time that an answer says. */
    boolean learnTime(Row row) {
        row.next();
        time.learn(row.number("micros"));
        return true;
    }

    /** Held, since an answer may be null. */
    private record Answered<T>(T value) {}

    private long untilMicros(long deadline) {
        return time().microsIn(Duration.ofNanos(deadline - System.nanoTime()));
    }

    private static @Nullable Object[] arguments(String code, long until, @Nullable Object[] own) {
        @Nullable Object[] all = new Object[own.length + 2];
        all[0] = code;
        all[1] = until;
        System.arraycopy(own, 0, all, 2, own.length);
        return all;
    }

    private <T> @Nullable Answered<T> read(Row row, Function<Row, T> reader) {
        learnTime(row);
        return switch (row.text("status")) {
            case "late" -> null;
            case "wrong_format" -> throw wrongFormat();
            default -> new Answered<>(reader.apply(row));
        };
    }

    private IncompatibleRoomException wrongFormat() {
        if (!wrongFormatLogged.getAndSet(true)) {
            log.warn("There are rooms in PostgreSQL that were written by another version of this library, in a format "
                    + "that this one does not know. They are refused here, and left alone, until they end");
        }
        return new IncompatibleRoomException();
    }

    /** Runs a statement that is about no room. Its answer may say the time, as {@code micros}. */
    <T> T query(String sql, Function<Row, T> reader, @Nullable Object... arguments) {
        long deadline = deadline();
        return run(() -> statements.ask(sql, deadline, reader, arguments), deadline);
    }

    /** Does the same on the calling thread, which may wait as long as the pool does for a connection. */
    <T> T queryInPlace(String sql, Function<Row, T> reader, @Nullable Object... arguments) {
        long deadline = deadline();
        try {
            return inPlace(() -> statements.ask(sql, deadline, reader, arguments), deadline);
        } catch (Exception e) {
            throw failure(e);
        }
    }

    private static long deadline() {
        return System.nanoTime() + TIMEOUT.toNanos();
    }

    /** Runs on a thread of ours and waits. */
    private <T extends @Nullable Object> T run(Callable<T> call, long deadline) {
        bulkhead.enter(deadline);
        return await(start(call, bulkhead::leave), deadline);
    }

    /**
     * Runs on a thread of ours.
     *
     * @param free frees a place, once that thread is free or if there is none: a caller that gives up frees none
     */
    private <T extends @Nullable Object> Future<T> start(Callable<T> call, Runnable free) {
        FutureTask<T> task = new FutureTask<>(call) {
            @Override
            public void run() {
                try {
                    super.run();
                } finally {
                    free.run();
                }
            }
        };
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            free.run();
            throw new ChatUnavailableException("the store is closed");
        } catch (Error e) {
            free.run();
            throw new ChatUnavailableException("there is no thread to be had", Failures.withoutMessages(e));
        }
        return task;
    }

    private <T extends @Nullable Object> T await(Future<T> task, long deadline) {
        try {
            return task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw late(task, e);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new ChatUnavailableException("interrupted while waiting for PostgreSQL");
        }
    }

    private ChatUnavailableException late(Future<?> task, TimeoutException failure) {
        task.cancel(true);
        warnOnce(failure);
        return new ChatUnavailableException("PostgreSQL did not answer in time");
    }

    private RuntimeException failure(Throwable cause) {
        if (cause instanceof Row.UnreadableException unreadable) {
            return failure(unreadable.failure());
        }
        if (cause instanceof SQLException failure) {
            warnOnce(failure);
            return Refusals.of(failure);
        }
        return cause instanceof RuntimeException failure
                ? failure
                : new ChatUnavailableException("PostgreSQL cannot be asked", Failures.withoutMessages(cause));
    }

    private void warnOnce(Exception failure) {
        long now = System.nanoTime();
        if (now - lastFailure.getAndSet(now) >= OUTAGE_NANOS) {
            log.warn("PostgreSQL does not do what rooms need; calls fail", Failures.withoutMessages(failure));
        }
    }

    // ---- On a thread of ours ----

    private <T> T inPlace(Callable<T> call, long deadline) throws Exception {
        bulkhead.enter(deadline);
        try {
            return call.call();
        } finally {
            bulkhead.leave();
        }
    }

    private <T> T answer(String function, String code, long deadline, Function<Row, T> reader, @Nullable Object[] own)
            throws SQLException {
        String sql = "SELECT * FROM ephemeral_chat." + function + "(?, ?"
                + String.join("", Collections.nCopies(own.length, ", ?")) + ")";
        // The server's clock may have been set forth: then a first answer says so, and the next try knows.
        for (int attempt = 0; attempt < 2; attempt++) {
            Answered<T> answered = statements.ask(
                    sql, deadline, row -> read(row, reader), arguments(code, untilMicros(deadline), own));
            if (answered != null) {
                return answered.value();
            }
        }
        throw new ChatUnavailableException("PostgreSQL answered too late");
    }

    /** Stops; what is on its way is interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
        ticker.close();
    }
}
