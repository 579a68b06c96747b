package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.Identity;
import java.util.function.Consumer;

/**
 * What happens to subscriptions once they are open. Who was revoked between the look at its seat and that moment is in no list in
 * which a revocation could have found it: its subscription ends here. Thread-safe.
 */
final class Openings {

    private final RecentRevocations revoked = new RecentRevocations();

    /** Told of each subscription that is open; must not block. */
    volatile Consumer<FeedSubscription> whenOpened = subscription -> {};

    /** Told of each identity that was revoked while a subscription of it was opened; must not block. */
    volatile Consumer<String> whenRevoked = identityId -> {};

    /** {@return how many were revoked on this node so far} */
    long revokedBefore() {
        return revoked.count();
    }

    /** Has what is being opened in the name of an identity end. Called before what is open is looked for. */
    void revoke(String identityId, long now) {
        revoked.add(identityId, now);
    }

    /**
     * Called once a subscription may be found by others.
     *
     * @param revokedBefore how many were revoked before its seat was looked up
     */
    void opened(FeedSubscription subscription, long revokedBefore) {
        Identity identity = subscription.identity();
        if (identity != null && revoked.hasSince(revokedBefore, identity.id())) {
            subscription.cancel();
            whenRevoked.accept(identity.id());
        } else {
            whenOpened.accept(subscription);
        }
    }
}
