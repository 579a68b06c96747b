package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that signals of what is stored reach this node: it appends a message to a room of its own and waits for the
 * signal. So it finds a node whose store answers while its subscriptions get nothing.
 *
 * <p>It keeps one registration for as long as it lives, as rooms do: a new one may work while the old ones are silent.
 * Each run creates a room that lives for less than a minute, and destroys it. Runs begin one at a time and at
 * least 5 seconds apart. Thread-safe; the store and the broadcaster stay the host's.
 *
 * <p>It is for readiness checks of nodes that share their rooms. A node that is alone with its store has nothing to check.
 *
 * <pre>{@code
 * DeliveryCheck check = new DeliveryCheck(store, broadcaster, Duration.ofSeconds(3));
 * boolean ready = check.check().status() == DeliveryCheck.Status.DELIVERED;
 * }</pre>
 */
public final class DeliveryCheck implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeliveryCheck.class);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration ROOM_LIFE = Duration.ofSeconds(45);
    private static final int CODE_ATTEMPTS = 3;

    private final RoomStore store;
    private final RoomBroadcaster broadcaster;
    private final Duration timeout;
    private final ExecutorService executor = DaemonThreads.pool("ephemeral-chat-delivery-check", 1);
    private volatile @Nullable Run latest;
    /** Used by the executor's one thread only, as is the registration. */
    private RoomId code = RoomId.random();

    private @Nullable Registration registration;

    /** What a run finds. */
    public enum Status {
        /** The message was stored, and its signal arrived. */
        DELIVERED,
        /** The message was stored, and its signal did not arrive in time: subscribers here get events late. */
        SILENT,
        /** The store or the broadcaster failed, or did not answer in time. */
        UNAVAILABLE,
        /** The store keeps no more rooms, so that nothing can be found out. */
        REFUSED
    }

    /**
     * What a run found.
     *
     * @param status the finding
     * @param took how long the run took, at most about the time-out
     */
    public record Outcome(Status status, Duration took) {}

    /**
     * Creates a check, which does nothing yet.
     *
     * @param store where this node's rooms are kept
     * @param broadcaster carries signals to this node
     * @param timeout how long a run, and a caller, waits at most
     */
    public DeliveryCheck(RoomStore store, RoomBroadcaster broadcaster, Duration timeout) {
        this.store = Objects.requireNonNull(store, "store");
        this.broadcaster = Objects.requireNonNull(broadcaster, "broadcaster");
        this.timeout = Objects.requireNonNull(timeout, "timeout");
    }

    /**
     * Checks the delivery. Blocks until the outcome is known, at most for the time-out.
     *
     * @return the outcome of the run that is under way or began less than 5 seconds ago, or else of a new one
     * @throws IllegalStateException if the check is closed
     */
    public Outcome check() {
        return currentRun().await();
    }

    private synchronized Run currentRun() {
        if (executor.isShutdown()) {
            throw new IllegalStateException("the check is closed");
        }
        Run run = latest;
        if (run == null || run.isStale()) {
            run = begin();
        }
        return run;
    }

    private Run begin() {
        Run run = new Run();
        latest = run;
        try {
            executor.execute(run::roundTrip);
        } catch (Throwable e) {
            latest = null; // There is no thread to be had: the next call tries again.
            throw e;
        }
        return run;
    }

    private void onSignal(RoomSignal signal) {
        Run run = latest;
        if (run != null
                && signal instanceof EntryAppended appended
                && appended.room().equals(run.room)) {
            run.arrived.countDown();
        }
    }

    private void stopListening() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
    }

    /** Stops listening, without waiting for a run. Idempotent. */
    @Override
    public synchronized void close() {
        if (!executor.isShutdown()) {
            executor.execute(this::stopListening);
            executor.shutdown();
        }
    }

    private final class Run {

        private final long begin = System.nanoTime();
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);
        /** Its first value is a room that was never created. */
        private volatile RoomIncarnation room = new RoomIncarnation(RoomId.random(), 0);

        /** What a caller gets that waited for the whole time-out, and at last what was found. */
        private volatile Outcome outcome = new Outcome(Status.UNAVAILABLE, timeout);

        boolean isStale() {
            return done.getCount() == 0 && sinceBegin().compareTo(FRESH) > 0;
        }

        private Duration sinceBegin() {
            return Duration.ofNanos(System.nanoTime() - begin);
        }

        Outcome await() {
            try {
                if (!done.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                    log.debug("A delivery check takes too long");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return outcome;
        }

        void roundTrip() {
            Status found = Status.UNAVAILABLE;
            try {
                found = deliver();
            } catch (LimitExceededException e) {
                found = Status.REFUSED;
            } catch (RuntimeException | InterruptedException e) {
                log.debug("A delivery check failed", Failures.withoutMessages(e));
            } finally {
                try {
                    destroyRoom();
                } finally {
                    outcome = new Outcome(found, sinceBegin());
                    done.countDown();
                }
            }
        }

        private Status deliver() throws InterruptedException {
            var token = TokenHash.of(UUID.randomUUID().toString());
            createRoom(token);
            var draft = new Draft(LogEntry.MESSAGE, "key", "delivery check");
            var appended = store.change(code, new Actor.ByToken(token), new RoomChange.Post(draft))
                    .orElseThrow();
            outcome = new Outcome(Status.SILENT, timeout);
            if (!appended.announced()) {
                broadcaster.publish(appended.signal());
            }
            Duration left = timeout.minus(sinceBegin());
            return arrived.await(left.toNanos(), TimeUnit.NANOSECONDS) ? Status.DELIVERED : Status.SILENT;
        }

        private void createRoom(TokenHash token) {
            for (int attempt = 0; attempt < CODE_ATTEMPTS; attempt++) {
                if (registration == null) {
                    registration = broadcaster.subscribe(code, DeliveryCheck.this::onSignal);
                }
                var now = store.now().truncatedTo(ChronoUnit.MILLIS);
                room = new RoomIncarnation(code, ThreadLocalRandom.current().nextLong());
                if (store.create(new Room(room, now, now.plus(ROOM_LIFE), 2, true), Identity.anonymous(), token)) {
                    return;
                }
                // Another room has the code, perhaps one that an earlier run could not destroy.
                stopListening();
                code = RoomId.random();
            }
            throw new ChatUnavailableException("no unused room code was found");
        }

        private void destroyRoom() {
            try {
                store.destroy(room, new Actor.Host("Host"));
            } catch (RuntimeException e) {
                log.debug("A delivery check's room ends at its deadline only", Failures.withoutMessages(e));
            }
        }
    }
}
