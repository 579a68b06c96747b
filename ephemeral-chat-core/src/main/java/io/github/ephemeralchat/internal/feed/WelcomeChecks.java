package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the host whether those who have streams on this node are still welcome, and revokes those who are not. The host's code
 * runs on threads of its own, at most one call for each identity. Thread-safe, but for {@link #tick}.
 */
public final class WelcomeChecks implements AutoCloseable {

    /** With a tick of one second and the host's own time, within the 30 seconds that are promised. */
    static final Duration ASK_AFTER = Duration.ofSeconds(25);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int THREADS = 4;

    /** How long an outage may pause and still is the same. */
    private static final long OUTAGE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final Logger log = LoggerFactory.getLogger(WelcomeChecks.class);

    private final FeedRegistry registry;
    private final Revocations revocations;
    private final @Nullable Predicate<Identity> stillWelcome;
    private final ExecutorService executor;
    private final Set<String> asking = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Ticker ticker;
    /** Guarded by this: until when a failure is part of an outage that was logged. */
    private long outageUntil;

    WelcomeChecks(
            FeedRegistry registry,
            Revocations revocations,
            @Nullable Predicate<Identity> stillWelcome,
            ExecutorService executor) {
        this.registry = registry;
        this.revocations = revocations;
        this.stillWelcome = stillWelcome;
        this.executor = executor;
        this.outageUntil = registry.engine.nanoTime().getAsLong();
        registry.openings.whenOpened = this::opened;
    }

    /**
     * Creates checks with threads of their own, which listen to the revocations of other nodes.
     *
     * @param registry the streams of this node
     * @param broadcaster carries revocations between nodes
     * @param stillWelcome the host's code; null if everybody who has a seat is welcome
     * @param removal frees a seat in the host's name and tells of it; false if it was free
     * @return checks that run
     */
    public static WelcomeChecks start(
            FeedRegistry registry,
            RoomBroadcaster broadcaster,
            @Nullable Predicate<Identity> stillWelcome,
            BiPredicate<RoomId, String> removal) {
        Revocations revocations = new Revocations(registry, broadcaster, removal);
        WelcomeChecks checks = new WelcomeChecks(
                registry, revocations, stillWelcome, DaemonThreads.pool("ephemeral-chat-welcome", THREADS));
        revocations.connect();
        checks.ticker = Ticker.start("ephemeral-chat-welcome-ticker", TICK, checks::tick);
        return checks;
    }

    /**
     * Revokes an identity on all nodes.
     *
     * @param identityId the identity's id
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if another node may not have heard of it, or a seat
     *     was not freed, which is tried again; its streams on this node have ended
     */
    public void revoke(String identityId) {
        revocations.revoke(identityId);
    }

    void tick() {
        revocations.connect();
        revocations.retry();
        if (stillWelcome == null) {
            return;
        }
        long now = registry.engine.nanoTime().getAsLong();
        Map<String, Identity> due = new HashMap<>();
        registry.subscriptions().forEach(subscription -> {
            Identity identity = subscription.identity();
            if (identity != null
                    && isDue(subscription, now)
                    && (due.containsKey(identity.id()) || asking.add(identity.id()))) {
                subscription.welcomeAsOf = now;
                due.put(identity.id(), identity);
            }
        });
        due.values().forEach(identity -> ask(stillWelcome, identity));
    }

    private static boolean isDue(FeedSubscription subscription, long now) {
        return now - subscription.welcomeAsOf >= ASK_AFTER.toNanos();
    }

    /** A poll may be over before the next tick. */
    private void opened(FeedSubscription subscription) {
        long now = registry.engine.nanoTime().getAsLong();
        Identity identity = subscription.identity();
        if (stillWelcome != null && identity != null && isDue(subscription, now) && asking.add(identity.id())) {
            subscription.welcomeAsOf = now;
            ask(stillWelcome, identity);
        }
    }

    private void ask(Predicate<Identity> host, Identity identity) {
        try {
            executor.execute(() -> {
                boolean welcome = isWelcome(host, identity);
                asking.remove(identity.id());
                if (!welcome) {
                    revocations.free(identity.id());
                }
            });
        } catch (RejectedExecutionException | Error e) { // The latter if there is no thread to be had.
            asking.remove(identity.id());
            log.debug("A host was not asked; it is when the next check is due");
        }
    }

    private boolean isWelcome(Predicate<Identity> host, Identity identity) {
        try {
            return host.test(identity);
        } catch (Throwable e) {
            if (isNewOutage()) {
                log.warn(
                        "Whether somebody is still welcome is not known: nobody is sent away",
                        Failures.withoutMessages(e));
            }
            return true;
        }
    }

    private synchronized boolean isNewOutage() {
        long now = registry.engine.nanoTime().getAsLong();
        boolean isNew = now - outageUntil >= 0;
        outageUntil = now + OUTAGE_NANOS;
        return isNew;
    }

    /** Stops asking and listening. Idempotent. */
    @Override
    public void close() {
        Ticker running = ticker;
        if (running != null) {
            running.close();
        }
        executor.shutdownNow();
        revocations.close();
    }
}
