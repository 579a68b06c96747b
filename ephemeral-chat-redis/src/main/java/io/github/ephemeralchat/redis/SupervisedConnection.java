package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, and another in its place where it no longer answers. Lettuce itself reconnects where TCP says that a
 * connection is gone; a link that swallows everything says nothing, so that it is probed.
 *
 * <p>{@link #tick} is called by one thread only; the rest is thread-safe.
 *
 * @param <C> what kind of connection
 */
final class SupervisedConnection<C extends StatefulConnection<String, byte[]>> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SupervisedConnection.class);
    private static final long CALM_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long DOUBT_NANOS = Duration.ofMillis(500).toNanos();
    private static final long DOUBT_MISS_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long OPEN_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long CLOSE_MILLIS = 500;
    private static final int MISSES = 2;

    private final String purpose;
    private final Supplier<? extends CompletionStage<? extends C>> opener;
    private final Function<? super C, ? extends CompletionStage<?>> probe;
    private final Consumer<? super C> onReplaced;
    private final Runnable onRecovered;

    private volatile @Nullable C current;
    private volatile boolean doubtful;
    private volatile boolean distrusted;
    private volatile boolean closed;

    // The ticking thread's own.
    private @Nullable CompletableFuture<? extends C> opening;
    private @Nullable CompletableFuture<?> probing;
    private long since = System.nanoTime();
    private int misses;

    /**
     * Makes a link without a connection.
     *
     * @param purpose what the connection is for, to be logged
     * @param opener opens a connection
     * @param probe asks it for a sign of life
     * @param onReplaced told of a connection that has taken another one's place
     * @param onRecovered told when it answers again after {@link #doubt}
     */
    SupervisedConnection(
            String purpose,
            Supplier<? extends CompletionStage<? extends C>> opener,
            Function<? super C, ? extends CompletionStage<?>> probe,
            Consumer<? super C> onReplaced,
            Runnable onRecovered) {
        this.purpose = purpose;
        this.opener = opener;
        this.probe = probe;
        this.onReplaced = onReplaced;
        this.onRecovered = onRecovered;
    }

    /** Opens the first connection, and waits for it. */
    void open(Duration limit) {
        CompletableFuture<? extends C> first = tryOpen();
        try {
            current = first.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            abandon(first);
            throw new ChatUnavailableException("Redis cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandon(first);
            throw new ChatUnavailableException("interrupted while connecting to Redis", e);
        }
    }

    /** The connection, if it is one that commands can be sent to now: nothing is ever queued for later. */
    C connection() {
        C connection = current;
        if (closed || connection == null || !connection.isOpen()) {
            doubt();
            throw new ChatUnavailableException(closed ? "the connection is closed" : "Redis is not connected");
        }
        return connection;
    }

    @Nullable
    C currentOrNull() {
        return closed ? null : current;
    }

    /** Says that something went unanswered: the link is probed at once and more often, until it answers. */
    void doubt() {
        if (!doubtful && !closed) {
            doubtful = true;
            log.warn("Redis does not answer on the connection for {}", purpose);
        }
    }

    /** Says that it answers, but is no longer the right one to ask: another one is opened in its place. */
    void distrust() {
        distrusted = true;
        doubt();
    }

    // ---- On the ticking thread ----

    void tick() {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        if (opening != null) {
            lookAtOpening(opening, now);
        } else if (probing != null) {
            lookAtProbe(probing, now);
        } else if (now - since >= (doubtful ? DOUBT_NANOS : CALM_NANOS)) {
            probe(now);
        }
    }

    private void probe(long now) {
        since = now;
        C connection = current;
        if (connection == null || !connection.isOpen()) {
            probing = CompletableFuture.failedFuture(new RedisException("not connected"));
            return;
        }
        try {
            probing = probe.apply(connection).toCompletableFuture();
        } catch (RedisException e) {
            probing = CompletableFuture.failedFuture(e);
        }
    }

    private void lookAtProbe(CompletableFuture<?> sent, long now) {
        if (sent.isDone() && !sent.isCompletedExceptionally()) {
            probing = null;
            answered();
        } else if (now - since >= (doubtful ? DOUBT_MISS_NANOS : CALM_NANOS)) {
            missed(sent);
        } else if (sent.isDone()) {
            doubt();
        }
    }

    private void answered() {
        misses = 0;
        if (distrusted) {
            replace();
        } else if (doubtful) {
            doubtful = false;
            log.debug("Redis answers again on the connection for {}", purpose);
            onRecovered.run();
        }
    }

    private void missed(CompletableFuture<?> sent) {
        sent.cancel(true);
        probing = null;
        doubt();
        misses++;
        if (misses >= MISSES) {
            replace();
        }
    }

    private void replace() {
        opening = tryOpen();
        since = System.nanoTime();
    }

    private CompletableFuture<? extends C> tryOpen() {
        try {
            return opener.get().toCompletableFuture();
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void lookAtOpening(CompletableFuture<? extends C> sent, long now) {
        if (sent.isDone() && !sent.isCompletedExceptionally()) {
            opening = null;
            replaceBy(sent.join());
        } else if (now - since >= OPEN_NANOS || sent.isDone()) {
            opening = null;
            abandon(sent);
            misses = MISSES - 1;
        }
    }

    private void replaceBy(C fresh) {
        C old = current;
        current = fresh;
        misses = 0;
        distrusted = false;
        since = System.nanoTime() - CALM_NANOS;
        if (old != null) {
            closeLater(old);
        }
        if (closed) {
            closeLater(fresh);
        } else {
            onReplaced.accept(fresh);
        }
    }

    /** Whatever still comes of it is closed. */
    private void abandon(CompletableFuture<? extends C> sent) {
        CompletableFuture<Void> unused = sent.thenAccept(SupervisedConnection::closeLater);
    }

    private static void closeLater(StatefulConnection<?, ?> connection) {
        CompletableFuture<Void> unused = connection.closeAsync();
    }

    /** Waits a moment for the connection to be closed, lest it be closed twice. */
    @Override
    public void close() {
        closed = true;
        C connection = current;
        if (connection == null) {
            return;
        }
        try {
            connection.closeAsync().get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The connection for {} was not closed in time", purpose);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
