package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who was revoked on this node a short while ago. A subscription that was being opened meanwhile is in no list yet when a
 * revocation looks for it, so it looks here itself. Keeps no identity, only the hash of its id. Bounded and thread-safe.
 */
final class RecentRevocations {

    /** Longer than a subscription takes to open, which waits for the store a few times. */
    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();

    private static final int MAX = 10_000;

    /** The one that was put last is the last one. */
    private final Map<TokenHash, Revocation> revocations = new LinkedHashMap<>();
    /** Written under the monitor, read anywhere. */
    private volatile long count;

    private record Revocation(long number, long at) {}

    /** {@return how many there were so far} */
    long count() {
        return count;
    }

    /** Called before the identity's subscriptions are looked for. */
    void add(String identityId, long now) {
        add(TokenHash.of(identityId), now);
    }

    private synchronized void add(TokenHash identity, long now) {
        revocations.remove(identity);
        revocations.put(identity, new Revocation(count + 1, now));
        count++;
        Iterator<Revocation> all = revocations.values().iterator();
        while (all.hasNext() && (now - all.next().at > KEPT_NANOS || revocations.size() > MAX)) {
            all.remove();
        }
    }

    /** Whether an identity was revoked after there were so many. Called once its subscription may be found by others. */
    boolean hasSince(long before, String identityId) {
        return count > before && hasSince(before, TokenHash.of(identityId));
    }

    private synchronized boolean hasSince(long before, TokenHash identity) {
        Revocation last = revocations.get(identity);
        return last != null && last.number > before;
    }
}
