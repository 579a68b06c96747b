package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares a feed with the store: what it lacks is linked, and a room that is gone ends. Blocks on the store. */
final class FeedCheck {

    /** How far a node's idea of the store's time may be off. */
    static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(1);

    private final RoomFeed feed;
    private final FeedRegistry registry;

    /** Why the room will turn out to be gone; null where nobody expects it to be. */
    private volatile @Nullable EndReason expected;
    /** Whether the history began anew, and those who listen were not yet compared with those who have a seat. */
    private volatile boolean seatsUnchecked;

    FeedCheck(RoomFeed feed, FeedRegistry registry) {
        this.feed = feed;
        this.registry = registry;
    }

    void expect(EndReason reason) {
        expected = reason;
    }

    void historyRestarted() {
        seatsUnchecked = true;
    }

    void run() {
        try {
            readOn();
            if (seatsUnchecked) {
                dropThoseWithoutSeat();
            }
            if (expected == EndReason.LOST) {
                expected = null; // It is there after all.
            }
        } catch (RoomNotFoundException e) {
            foundAbsent();
        } finally {
            feed.sweeper().sweepElsewhere();
        }
    }

    private void readOn() {
        boolean more = true;
        while (more) {
            FeedNode at = feed.newest();
            if (at == null) {
                return;
            }
            LogPage page = registry.store().readAfter(feed.room().incarnation(), at.id, FeedLoader.PAGE);
            more = feed.link(at, page);
        }
    }

    /** After a reset, an entry that took a seat away may be among those that nobody will ever see. */
    private void dropThoseWithoutSeat() {
        seatsUnchecked = false;
        try {
            cutAllBut(seats());
        } catch (RuntimeException e) {
            seatsUnchecked = true; // The next check tries again.
            throw e;
        }
    }

    private Map<String, Long> seats() {
        return feed.stateOfThisLife().members().stream()
                .collect(Collectors.toMap(member -> member.identity().id(), Member::joinedSequence));
    }

    private void cutAllBut(Map<String, Long> seats) {
        for (FeedSubscription subscription : feed.subscriptions()) {
            if (!subscription.isSeated(seats)) {
                subscription.cut();
            }
        }
    }

    /**
     * The store has no such room. Where nobody has said why, the one who knows is given a moment to: a room is gone from
     * the store just before the signal of it goes out.
     */
    private void foundAbsent() {
        EndReason reason = expected;
        if (registry.isPast(feed.room().expiresAt().minus(CLOCK_TOLERANCE))) {
            feed.end(EndReason.EXPIRED);
        } else if (reason != null) {
            feed.end(reason);
        } else {
            expected = EndReason.LOST;
            registry.checkAgain(feed);
        }
    }
}
