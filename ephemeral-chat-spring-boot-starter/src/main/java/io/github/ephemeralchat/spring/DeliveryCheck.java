package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that this node hears what it stores, for a health check: a message goes into a room of the check's own, and its
 * signal has to come back. A node whose store answers, and whose subscriptions are deaf all the same, is found out.
 *
 * <p>It listens on one registration for as long as it lives, as rooms do: a new one may hear where the old ones are deaf.
 * Each run makes a room that lives for less than a minute, and destroys it. However often it is asked it runs once at a
 * time, and not again within 5 seconds. Thread-safe; the store and the broadcaster stay the host's.
 */
final class DeliveryCheck implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeliveryCheck.class);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration ROOM_LIFE = Duration.ofSeconds(45);
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);
    private static final int CODE_ATTEMPTS = 3;

    private final RoomStore store;
    private final RoomBroadcaster broadcaster;
    private final Duration timeout;
    private final ExecutorService executor = DaemonThreads.pool("ephemeral-chat-delivery-check", 1);
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private @Nullable Run latest;
    /** Guarded by the lock. */
    private boolean closed;
    /** Touched by the executor's one thread only, as is the next. */
    private RoomId code = RoomId.random();

    private RoomBroadcaster.@Nullable Registration ear;
    private volatile @Nullable Run listening;

    /** What a run has found. */
    public enum Status {
        /** The message was stored, and its signal came back. */
        DELIVERED,
        /** The message was stored, and its signal did not come back in time: subscribers here hear nothing at once. */
        SILENT,
        /** The store or the broadcaster failed, or did not answer in time. */
        UNAVAILABLE,
        /** The store takes no more rooms, so that nothing could be found out. */
        REFUSED
    }

    /**
     * What a run has found, and how long it took.
     *
     * @param status what
     * @param took from its start to the signal, or to where it was given up
     */
    public record Outcome(Status status, Duration took) {}

    /**
     * Makes a check that has not run yet.
     *
     * @param store the store to append to
     * @param broadcaster the broadcaster that has to bring the signal back
     * @param timeout how long a run, and whoever asks, waits at most: up to 30 seconds
     * @throws IllegalArgumentException if the time-out is not positive, or too long
     */
    public DeliveryCheck(RoomStore store, RoomBroadcaster broadcaster, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("a check waits up to 30 seconds");
        }
        this.store = store;
        this.broadcaster = broadcaster;
        this.timeout = timeout;
    }

    /**
     * Answers what a run that is under way finds, or one that ended less than 5 seconds ago has found, or else a new one.
     * Never throws for what it finds, and never waits longer than the time-out.
     *
     * @return the outcome
     * @throws IllegalStateException if this is closed
     */
    public Outcome check() {
        return current().await();
    }

    private Run current() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the check is closed");
            }
            Run run = latest;
            if (run == null || run.isStale()) {
                run = new Run();
                latest = run;
                executor.execute(run);
            }
            return run;
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        if (ear == null) {
            ear = broadcaster.subscribe(code, this::heard);
        }
    }

    private void heard(RoomSignal signal) {
        Run run = listening;
        if (run != null && signal instanceof RoomSignal.EntryAppended appended) {
            run.heard(appended.room());
        }
    }

    private void stopListening() {
        RoomBroadcaster.Registration registration = ear;
        ear = null;
        if (registration != null) {
            registration.close();
        }
    }

    /** Stops listening; the store and the broadcaster stay open. Idempotent, and does not wait for a run. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                executor.execute(this::stopListening);
                executor.shutdown();
            }
        } finally {
            lock.unlock();
        }
    }

    /** One round trip. */
    private final class Run implements Runnable {

        private final long begin = System.nanoTime();
        private final CountDownLatch signal = new CountDownLatch(1);
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private volatile @Nullable RoomIncarnation room;
        /** What it comes to if nothing more happens. */
        private volatile Status soFar = Status.UNAVAILABLE;

        private volatile long end;

        boolean isStale() {
            return outcome.isDone() && System.nanoTime() - end > FRESH.toNanos();
        }

        Outcome await() {
            try {
                return outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException | ExecutionException e) {
                log.debug("A delivery check takes too long");
            }
            return new Outcome(soFar, timeout);
        }

        void heard(RoomIncarnation by) {
            if (by.equals(room)) {
                signal.countDown();
            }
        }

        @Override
        public void run() {
            Outcome found = new Outcome(Status.UNAVAILABLE, timeout);
            listening = this;
            try {
                found = roundTrip();
            } catch (LimitExceededException e) {
                found = new Outcome(Status.REFUSED, sinceBegin());
            } catch (RuntimeException | InterruptedException e) {
                log.debug("A delivery check failed with {}", e.getClass().getName());
                found = new Outcome(Status.UNAVAILABLE, sinceBegin());
            } finally {
                destroyRoom();
                end = System.nanoTime();
                outcome.complete(found);
            }
        }

        private Outcome roundTrip() throws InterruptedException {
            TokenHash token =
                    TokenHash.of(RoomId.random().value() + RoomId.random().value());
            RoomIncarnation created = createRoom(token);
            Draft draft = new Draft(LogEntry.MESSAGE, EphemeralChatService.newMessageId(), "delivery check");
            Appended appended = store.append(created.id(), token, draft);
            soFar = Status.SILENT;
            if (!appended.announced()) {
                broadcaster.publish(appended.signal());
            }
            boolean delivered = signal.await(timeout.toNanos() - sinceBegin().toNanos(), TimeUnit.NANOSECONDS);
            if (!delivered) {
                return new Outcome(Status.SILENT, sinceBegin());
            }
            soFar = Status.UNAVAILABLE; // The room is still to be destroyed.
            return new Outcome(Status.DELIVERED, sinceBegin());
        }

        /** Under the code that is listened to, unless somebody else's room has it. */
        private RoomIncarnation createRoom(TokenHash token) {
            for (int attempt = 0; attempt < CODE_ATTEMPTS; attempt++) {
                listen();
                Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
                RoomIncarnation key =
                        new RoomIncarnation(code, ThreadLocalRandom.current().nextLong());
                room = key;
                if (store.create(new Room(key, now, now.plus(ROOM_LIFE), 2, true), Identity.anonymous(), token)) {
                    return key;
                }
                room = null;
                stopListening();
                code = RoomId.random();
            }
            throw new ChatUnavailableException("no unused room code was found");
        }

        private void destroyRoom() {
            RoomIncarnation made = room;
            room = null;
            if (made == null) {
                return;
            }
            try {
                store.destroy(made);
            } catch (RuntimeException e) {
                log.debug(
                        "A delivery check's room ends by itself: {}",
                        e.getClass().getName());
            }
        }

        private Duration sinceBegin() {
            return Duration.ofNanos(System.nanoTime() - begin);
        }
    }
}
