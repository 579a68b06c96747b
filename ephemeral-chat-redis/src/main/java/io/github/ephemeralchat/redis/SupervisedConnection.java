package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, and another in its place if it no longer answers. Lettuce itself reconnects if TCP says that a
 * connection is gone; a network that swallows everything says nothing, so the connection is probed.
 *
 * <p>{@link #tick} is called by one thread only; the rest is thread-safe.
 *
 * @param <C> what kind of connection
 */
final class SupervisedConnection<C extends StatefulConnection<String, ?>> {

    /** For each: how long after the last attempt the next one begins, and how long an attempt may take. */
    private enum State {
        ANSWERING(5_000, 5_000),
        /** Something went unanswered: probed more often, and replaced if it stays silent. */
        SUSPECT(500, 2_000),
        /** It answers, but is no longer the right one to ask: to be replaced. */
        STALE(0, 2_000),
        /** Another connection is being opened. */
        REPLACING(0, 3_000),
        CLOSED(0, 0);

        private final long pauseNanos;
        private final long timeoutNanos;

        State(int pauseMillis, int timeoutMillis) {
            pauseNanos = Duration.ofMillis(pauseMillis).toNanos();
            timeoutNanos = Duration.ofMillis(timeoutMillis).toNanos();
        }
    }

    private static final Logger log = LoggerFactory.getLogger(SupervisedConnection.class);
    private static final long FIRST_OPEN_TIMEOUT_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long CLOSE_TIMEOUT_NANOS = Duration.ofMillis(500).toNanos();
    private static final int MAX_MISSED_PROBES = 2;

    /** The same of one that is doubted, or that another server may have to take over from: whoever notices that late is late. */
    private static final long PROMPT_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long PROMPT_TIMEOUT_NANOS = Duration.ofSeconds(2).toNanos();

    private final String purpose;
    private final Supplier<? extends CompletionStage<? extends C>> opener;
    private final Function<? super C, ? extends CompletionStage<?>> probe;
    private final Consumer<? super C> onAnswering;
    /** Whether the client reconnects by itself; else a connection that is lost is replaced. */
    private final boolean reconnects;

    private volatile State state = State.ANSWERING;
    /** Whether something speaks for a probe before its time. */
    private volatile boolean doubted;

    private volatile @Nullable C current;

    /** A probe or an opening, which yields the connection that answers. Only the ticking thread changes it. */
    private volatile @Nullable CompletableFuture<? extends C> attempt;

    // The ticking thread's own.
    private long attemptStart = System.nanoTime();
    private int missedProbes;

    /**
     * Makes it without a connection.
     *
     * @param purpose what the connection is for, to be logged
     * @param opener opens a connection
     * @param probe asks it for a sign of life
     * @param onAnswering gets the connection when it has opened, answers again, or has taken another one's place
     */
    SupervisedConnection(
            String purpose,
            Supplier<? extends CompletionStage<? extends C>> opener,
            Function<? super C, ? extends CompletionStage<?>> probe,
            Consumer<? super C> onAnswering) {
        this(purpose, opener, probe, onAnswering, true);
    }

    private SupervisedConnection(
            String purpose,
            Supplier<? extends CompletionStage<? extends C>> opener,
            Function<? super C, ? extends CompletionStage<?>> probe,
            Consumer<? super C> onAnswering,
            boolean reconnects) {
        this.purpose = purpose;
        this.opener = opener;
        this.probe = probe;
        this.onAnswering = onAnswering;
        this.reconnects = reconnects;
    }

    /**
     * Makes one that the client does not reconnect: whoever notices that it is lost calls {@link #markStale}. It is opened by
     * the next tick, and probed each second.
     */
    static <C extends StatefulConnection<String, ?>> SupervisedConnection<C> replaced(
            String purpose,
            Supplier<? extends CompletionStage<? extends C>> opener,
            Function<? super C, ? extends CompletionStage<?>> probe,
            Consumer<? super C> onAnswering) {
        SupervisedConnection<C> made = new SupervisedConnection<>(purpose, opener, probe, onAnswering, false);
        made.change(State.ANSWERING, State.STALE);
        return made;
    }

    /** Opens the first connection, and waits for it. */
    void open() {
        CompletableFuture<? extends C> first = start(opener);
        try {
            C opened = RedisFutures.await(first.copy(), System.nanoTime() + FIRST_OPEN_TIMEOUT_NANOS);
            current = opened;
            onAnswering.accept(opened);
        } catch (RedisException e) {
            closeLater(first);
            // With its messages: no command was sent yet that they could quote.
            throw new ChatUnavailableException("Redis cannot be reached", e);
        }
    }

    /** The connection, if it is one that commands can be sent to now: nothing is ever queued for later. */
    C get() {
        C connection = current;
        if (connection != null && connection.isOpen() && state != State.CLOSED) {
            return connection;
        }
        ChatUnavailableException failure = new ChatUnavailableException("Redis is not connected");
        markSuspect(failure);
        throw failure;
    }

    /** Whether nothing is known against it. */
    boolean isAnswering() {
        return state == State.ANSWERING;
    }

    /** The connection, open or not; null before there is one. */
    @Nullable
    C current() {
        return current;
    }

    /** Says that something went unanswered. */
    void markSuspect(Throwable cause) {
        if (change(State.ANSWERING, State.SUSPECT)) {
            log.warn("Redis does not answer on the connection for {}", purpose, Failures.withoutMessages(cause));
        }
    }

    /** Says that one of several servers behind it has left something unanswered; the others may answer. */
    void probeSoon() {
        doubted = true;
    }

    /** Says that it answers, but is no longer the right one to ask. */
    void markStale(Throwable cause) {
        markSuspect(cause);
        change(State.SUSPECT, State.STALE);
    }

    /** Nothing leaves {@link State#CLOSED}. */
    private synchronized boolean change(State from, State to) {
        boolean changes = state == from;
        if (changes) {
            state = to;
        }
        return changes;
    }

    // ---- On the ticking thread ----

    void tick() {
        State now = state;
        CompletableFuture<? extends C> running = attempt;
        long elapsed = System.nanoTime() - attemptStart;
        if (now == State.CLOSED) {
            return;
        }
        if (running == null) {
            if (elapsed >= (isPrompt(now) ? PROMPT_PAUSE_NANOS : now.pauseNanos)) {
                startAttempt(now);
            }
        } else if (running.isDone() && !running.isCompletedExceptionally()) {
            succeeded(running.join());
        } else if (elapsed >= (isPrompt(now) ? PROMPT_TIMEOUT_NANOS : now.timeoutNanos)
                || (running.isDone() && (now == State.REPLACING || now == State.STALE))) {
            failed(running, now);
        } else if (running.isDone()) {
            markSuspect(new RedisException("a probe failed"));
        }
    }

    private boolean isPrompt(State now) {
        return now == State.ANSWERING && (doubted || !reconnects);
    }

    private void startAttempt(State now) {
        attemptStart = System.nanoTime();
        if (now != State.STALE && missedProbes < MAX_MISSED_PROBES) {
            attempt = start(() -> {
                C connection = get();
                return probe.apply(connection).thenApply(answer -> connection);
            });
        } else if (change(now, State.REPLACING)) {
            attempt = start(opener);
            closeIfClosed();
        }
    }

    /** What is opened while somebody closes is closed as well. */
    private void closeIfClosed() {
        CompletableFuture<? extends C> running = attempt;
        if (state == State.CLOSED && running != null) {
            closeLater(running);
        }
    }

    private void succeeded(C answering) {
        C old = current;
        attempt = null;
        doubted = false;
        missedProbes = 0;
        current = answering;
        if (old != null && old != answering) {
            closeLater(CompletableFuture.completedFuture(old));
        }
        if (change(State.SUSPECT, State.ANSWERING) || change(State.REPLACING, State.ANSWERING)) {
            log.debug("Redis answers again on the connection for {}", purpose);
            onAnswering.accept(answering);
        } else if (state == State.CLOSED) {
            closeLater(CompletableFuture.completedFuture(answering));
        }
    }

    private void failed(CompletableFuture<? extends C> failed, State now) {
        attempt = null;
        if (now == State.REPLACING) {
            closeLater(failed);
            missedProbes = reconnects ? MAX_MISSED_PROBES - 1 : MAX_MISSED_PROBES;
            change(State.REPLACING, State.SUSPECT);
        } else {
            missedProbes++;
            markSuspect(new RedisCommandTimeoutException("a probe was not answered"));
        }
    }

    /** Closes it when it comes, if it comes. */
    private void closeLater(CompletableFuture<? extends C> opening) {
        CompletableFuture<Void> unused = opening.thenCompose(StatefulConnection::closeAsync);
    }

    private CompletableFuture<? extends C> start(Supplier<? extends CompletionStage<? extends C>> work) {
        try {
            return work.get().toCompletableFuture();
        } catch (RedisException | ChatUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Closes the connection; waits for nothing. */
    CompletableFuture<?> closeAsync() {
        synchronized (this) {
            state = State.CLOSED;
        }
        closeIfClosed();
        C connection = current;
        return connection == null ? CompletableFuture.completedFuture(null) : connection.closeAsync();
    }

    /** Waits a moment for the connection to be closed. */
    void close() {
        try {
            RedisFutures.await(closeAsync(), System.nanoTime() + CLOSE_TIMEOUT_NANOS);
        } catch (RedisException e) {
            log.debug("The connection for {} was not closed in time", purpose, Failures.withoutMessages(e));
        }
    }
}
