package io.github.ephemeralchat.sse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import io.github.ephemeralchat.transport.ChatTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps room codes from being guessed. Wrong ones are counted for an address, for the networks that it lies in, and for all
 * addresses over all nodes. If those are too many in a minute, whoever has lately tried a wrong code waits; who comes
 * with the right one at once does not. Thread-safe.
 */
final class CodeGuard {

    /** How many wrong codes of all addresses a minute takes. docs/SECURITY-MODEL.md says what that is good for. */
    static final int MAX_IN_A_MINUTE = 1_000;

    /** How long an address that has tried a wrong code waits if there are too many. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** How many times an address's limit the networks have that it lies in, from the nearest on. */
    private static final int[] FACTORS = {1, 4, 16};

    private static final int MAX_REMEMBERED = 100_000;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long REPORT_EVERY = Duration.ofSeconds(1).toNanos();

    private final ChatTransport transport;
    private final LongSupplier nanoTime;
    private final boolean isOff;
    private final List<Buckets> limits = new ArrayList<>();
    private final Cache<Object, Boolean> lately;

    // Guarded by this: the current minute, as this node knows it.
    private long minuteBegan;
    private long lastReport;
    private int inMinute;
    private int unreported;

    CodeGuard(Limit perAddress, ChatTransport transport, LongSupplier nanoTime) {
        this.transport = transport;
        this.nanoTime = nanoTime;
        isOff = perAddress.isUnlimited();
        for (int factor : FACTORS) {
            limits.add(new Buckets(perAddress.times(factor), nanoTime));
        }
        lately = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterWrite(REMEMBERED)
                .scheduler(Scheduler.systemScheduler())
                .ticker(nanoTime::getAsLong)
                .build();
        minuteBegan = nanoTime.getAsLong();
        lastReport = minuteBegan - REPORT_EVERY;
    }

    /**
     * Makes an attempt to join. It counts before it is known whether the code is wrong, so that many attempts at once
     * cannot slip through.
     *
     * @param client what the client is counted by
     * @throws ProblemException with 429 if it has to wait
     */
    <T> T trying(Object client, Supplier<T> attempt) {
        if (isOff) {
            return attempt.get();
        }
        List<Object> networks = new ArrayList<>(List.of(client));
        networks.addAll(ClientAddress.wider(client));
        if (isPressed() && networks.stream().anyMatch(network -> lately.getIfPresent(network) != null)) {
            throw new ProblemException(Problem.RATE_LIMITED, "Retry-After", Long.toString(REMEMBERED.toSeconds()));
        }
        int taken = take(networks);
        try {
            T result = attempt.get();
            giveBack(networks, taken);
            return result;
        } catch (RoomNotFoundException e) {
            networks.forEach(network -> lately.put(network, true));
            count();
            throw e;
        } catch (Throwable e) {
            giveBack(networks, taken);
            throw e;
        }
    }

    private int take(List<Object> networks) {
        int taken = 0;
        try {
            for (Object network : networks) {
                limits.get(taken).take(() -> network);
                taken++;
            }
            return taken;
        } catch (ProblemException e) {
            giveBack(networks, taken);
            throw e;
        }
    }

    private void giveBack(List<Object> networks, int taken) {
        for (int i = 0; i < taken; i++) {
            limits.get(i).giveBack(networks.get(i));
        }
    }

    private synchronized boolean isPressed() {
        beginMinute(nanoTime.getAsLong());
        return inMinute > MAX_IN_A_MINUTE;
    }

    private void beginMinute(long now) {
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            inMinute = 0;
        }
    }

    /** Counts a wrong code, and tells the store at most once a second: it knows what the other nodes have counted. */
    private void count() {
        int report = unreportedIfDue();
        if (report > 0) {
            try {
                transport.countWrongCodes(report).ifPresent(this::learn);
            } catch (ChatUnavailableException e) {
                // This node's own count has to do.
            }
        }
    }

    private synchronized int unreportedIfDue() {
        long now = nanoTime.getAsLong();
        beginMinute(now);
        inMinute++;
        unreported++;
        if (now - lastReport < REPORT_EVERY) {
            return 0;
        }
        lastReport = now;
        int report = unreported;
        unreported = 0;
        return report;
    }

    private synchronized void learn(long overAllNodes) {
        inMinute = (int) Math.min(Integer.MAX_VALUE, Math.max(inMinute, overAllNodes));
    }
}
