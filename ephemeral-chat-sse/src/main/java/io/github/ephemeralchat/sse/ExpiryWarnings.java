package io.github.ephemeralchat.sse;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a stream says that its room ends soon: once with 300 and once with 90 seconds left, and again after the end was
 * moved. Whoever comes later gets the one that is due at once. Asked by one thread, written by another one.
 */
final class ExpiryWarnings {

    /** From this on the room ends soon, in milliseconds; the later one lets a client move the end in time. */
    private static final long[] LEVELS = {300_000, 90_000};

    /** What was said last, and of which end. */
    private volatile Said said = new Said(Instant.MAX, 0);

    private record Said(Instant expiresAt, int level) {}

    /** Whether there is something to say. */
    boolean isDue(Instant expiresAt, Instant now) {
        Said last = said;
        int level = level(expiresAt, now);
        return level > (last.expiresAt.equals(expiresAt) ? last.level : 0);
    }

    /** The event that is due, or null; counts as said. */
    byte @Nullable [] take(Instant expiresAt, Instant now) {
        if (!isDue(expiresAt, now)) {
            return null;
        }
        said = new Said(expiresAt, level(expiresAt, now));
        return SseFrames.expiring(expiresAt, millisLeft(expiresAt, now) / 1000);
    }

    /** How many of the levels are reached; none once the room has ended, which has an event of its own. */
    private static int level(Instant expiresAt, Instant now) {
        long left = millisLeft(expiresAt, now);
        int reached = 0;
        while (left > 0 && reached < LEVELS.length && left <= LEVELS[reached]) {
            reached++;
        }
        return reached;
    }

    private static long millisLeft(Instant expiresAt, Instant now) {
        return expiresAt.toEpochMilli() - now.toEpochMilli();
    }
}
