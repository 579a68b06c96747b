package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.SerialTask;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the subscriptions of identities that a host has revoked, on every node, and frees their seats. What a signal asks for
 * is done by the threads that ask the store. Thread-safe.
 */
final class Revocations {

    /** More than a host revokes while the store takes its time. */
    private static final int MAX_PENDING = 10_000;

    /** With a second between them, longer than a failover takes. */
    private static final int MAX_ATTEMPTS = 60;

    /** What fails later than that would hold up all others. */
    private static final long SOON_NANOS = Duration.ofMillis(500).toNanos();

    private static final Logger log = LoggerFactory.getLogger(Revocations.class);

    private final FeedRegistry registry;
    private final RoomBroadcaster broadcaster;
    private final BiPredicate<RoomId, String> removal;
    /** By it this node knows its own signals: what these ask for it has done. */
    private final long node = ThreadLocalRandom.current().nextLong();

    /** What is still to be done, by identity. */
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();

    private final SerialTask freeing;

    private @Nullable Registration registration;
    private boolean closed;

    /**
     * Seats that are to be freed.
     *
     * @param left how often that is still tried
     * @param untold whether the other nodes are to be told, too
     */
    private record Pending(int left, boolean untold) {

        static Pending first(boolean untold) {
            return new Pending(MAX_ATTEMPTS, untold);
        }

        Pending with(Pending later) {
            return new Pending(later.left, untold || later.untold);
        }
    }

    /**
     * Creates revocations that hear nothing of other nodes yet.
     *
     * @param removal frees a seat in the host's name and tells of it; false if it was free
     */
    Revocations(FeedRegistry registry, RoomBroadcaster broadcaster, BiPredicate<RoomId, String> removal) {
        this.registry = registry;
        this.broadcaster = broadcaster;
        this.removal = removal;
        this.freeing = SerialTask.create(this::freePending, registry.engine.checkExecutor(), 1);
        registry.openings.whenRevoked = this::freeSoon;
    }

    // ---- Other nodes ----

    /** Listens to the other nodes from now on, if that is possible; blocks as long as the broadcaster does. */
    boolean connect() {
        if (isConnected()) {
            return true;
        }
        try {
            keep(broadcaster.subscribeToAll(this::onSignal));
            return true;
        } catch (RuntimeException e) {
            log.debug("Revocations of other nodes are not heard yet", Failures.withoutMessages(e));
            return false;
        }
    }

    private synchronized boolean isConnected() {
        return closed || registration != null;
    }

    private void keep(Registration made) {
        if (!isKept(made)) {
            made.close();
        }
    }

    private synchronized boolean isKept(Registration made) {
        if (!isConnected()) {
            registration = made;
            return true;
        }
        return false;
    }

    /** On the broadcaster's thread: hands over and returns. */
    private void onSignal(NodeSignal signal) {
        if (signal instanceof NodeSignal.Revoked revoked && revoked.node() != node) {
            freeSoon(revoked.identityId());
        }
    }

    private void freeSoon(String identityId) {
        add(identityId, false);
        retry();
    }

    private void add(String identityId, boolean untold) {
        if (pending.size() >= MAX_PENDING) {
            log.debug("Too many identities are revoked at once: one is passed over on this node");
            return;
        }
        pending.merge(identityId, Pending.first(untold), Pending::with);
    }

    /** Does soon what was not done yet. */
    void retry() {
        if (pending.isEmpty()) {
            return;
        }
        try {
            freeing.request();
        } catch (RejectedExecutionException e) {
            log.debug("An identity was not revoked here: the service is closed");
        }
    }

    private void freePending() {
        Map<String, Pending> all = Map.copyOf(pending);
        Set<String> seated = free(all.keySet());
        boolean reachable = true;
        for (Map.Entry<String, Pending> each : all.entrySet()) {
            String identityId = each.getKey();
            Pending before = each.getValue();
            boolean told = !before.untold || (reachable && tell(identityId));
            reachable &= told;
            if ((!seated.contains(identityId) && told) || before.left == 1) {
                pending.remove(identityId, before);
            } else {
                pending.replace(identityId, before, new Pending(before.left - 1, !told));
            }
        }
    }

    private boolean tell(String identityId) {
        try {
            broadcaster.publishToAll(new NodeSignal.Revoked(identityId, node));
            return true;
        } catch (RuntimeException e) {
            log.debug("A revocation was not sent", Failures.withoutMessages(e));
            return false;
        }
    }

    // ---- This node ----

    /**
     * Revokes an identity on all nodes; what has streams on this one has none when it returns. What fails is tried again for a
     * minute.
     *
     * @throws ChatUnavailableException if another node may not have heard of it, or a seat was not freed
     */
    void revoke(String identityId) {
        boolean told = false;
        boolean freed = false;
        try {
            broadcaster.publishToAll(new NodeSignal.Revoked(identityId, node));
            told = true;
        } finally {
            freed = freeOrRetry(identityId, !told);
        }
        if (!freed) {
            throw new ChatUnavailableException("a seat was not freed");
        }
        pending.remove(identityId); // Of an earlier call: who comes back keeps the new seat.
    }

    /** Ends the streams of an identity on this node, and frees the seats that these have, later those that cannot be freed now. */
    void free(String identityId) {
        freeOrRetry(identityId, false);
    }

    private boolean freeOrRetry(String identityId, boolean untold) {
        boolean freed = free(Set.of(identityId)).isEmpty();
        if (!freed || untold) {
            add(identityId, untold);
        }
        return freed;
    }

    /**
     * Ends the streams of identities on this node, and frees the seats that these have. If a seat cannot be freed its
     * streams end all the same.
     *
     * @return those of whom a seat was not freed
     */
    Set<String> free(Set<String> identityIds) {
        long now = registry.engine.nanoTime().getAsLong();
        identityIds.forEach(
                id -> registry.openings.revoke(id, now)); // First, for those that are being opened meanwhile.
        Map<Seat, Boolean> leaving = new HashMap<>();
        Attempt attempt = new Attempt();
        registry.subscriptions().forEach(subscription -> {
            Identity identity = subscription.identity();
            if (identity == null || !identityIds.contains(identity.id())) {
                return;
            }
            Seat seat = new Seat(subscription.room().incarnation(), identity.id());
            // Where the seat's entry tells the streams of their end they take it from there.
            if (!leaving.computeIfAbsent(seat, key -> frees(key, attempt))) {
                subscription.cancel();
            }
        });
        for (String id : identityIds) {
            for (RoomIncarnation room : registry.recentSeats.roomsOf(id, now)) {
                leaving.computeIfAbsent(new Seat(room, id), key -> frees(key, attempt));
            }
        }
        return attempt.seated;
    }

    private static final class Attempt {
        /** Whether a call waited for the store in vain: then it is not asked again. A part of it that is away alone fails at once. */
        private boolean unavailable;

        private final Set<String> seated = new HashSet<>();
    }

    private record Seat(RoomIncarnation room, String identityId) {}

    /** Whether the log tells of the seat's end from now on. */
    private boolean frees(Seat seat, Attempt attempt) {
        if (attempt.unavailable) {
            attempt.seated.add(seat.identityId);
            return false;
        }
        long begin = registry.engine.nanoTime().getAsLong();
        try {
            return removal.test(seat.room.id(), seat.identityId);
        } catch (RoomNotFoundException e) {
            return false;
        } catch (RuntimeException e) {
            attempt.seated.add(seat.identityId);
            attempt.unavailable = e instanceof ChatUnavailableException
                    && registry.engine.nanoTime().getAsLong() - begin >= SOON_NANOS;
            log.debug("A seat was not freed", Failures.withoutMessages(e));
            return false;
        }
    }

    void close() {
        Registration made;
        synchronized (this) {
            closed = true;
            made = registration;
            registration = null;
        }
        try {
            if (made != null) {
                made.close();
            }
        } catch (RuntimeException e) {
            log.warn("A registration was not closed", Failures.withoutMessages(e));
        }
    }
}
