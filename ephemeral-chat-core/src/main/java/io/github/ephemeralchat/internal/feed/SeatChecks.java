package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.List;

/** Finds the subscriptions of a feed whose members have lost their seats by an entry that they cannot see. Blocks on the store. */
final class SeatChecks {

    private final RoomFeed feed;
    private final FeedRegistry registry;
    /** Whether the history began anew, and the subscriptions were not yet compared with the seats. */
    private volatile boolean unchecked;
    /** Whether the history ever began anew: then one with more entries may be another one. */
    private volatile boolean restarted;

    SeatChecks(RoomFeed feed, FeedRegistry registry) {
        this.feed = feed;
        this.registry = registry;
    }

    void historyRestarted() {
        restarted = true;
        unchecked = true;
    }

    /**
     * Cancels the subscriptions of those without a seat, if the history began anew since the last call: an entry that took a
     * seat away or moved the deadline may be among those that nobody will ever see.
     */
    void checkAfterReset() {
        if (unchecked) {
            unchecked = false;
            cancelThoseWithoutSeat();
        }
    }

    private void cancelThoseWithoutSeat() {
        try {
            // Those that come while the store is asked are looked at when they are added.
            FeedSubscription[] before = feed.state.subscriptions();
            List<Member> members = members();
            for (FeedSubscription subscription : before) {
                if (!subscription.isSeated(members)) {
                    subscription.cancel();
                }
            }
        } catch (RuntimeException e) {
            unchecked = true; // The next check tries again.
            throw e;
        }
    }

    /** Asks the store who has a seat, and by the way until when the room lives. */
    private List<Member> members() {
        RoomState state = registry.store
                .find(feed.room.id())
                .filter(found -> found.room().incarnation().equals(feed.room.incarnation()))
                .orElseThrow(RoomNotFoundException::new);
        feed.state.moveDeadline(state.head().sequence(), state.room().expiresAt());
        return state.members();
    }

    /**
     * Whether a member that had its seat as of an entry still had it when its subscription was added: a seat that was
     * freed between leaves its entry before the subscription's place, where nobody would see it.
     */
    boolean isSeatedSince(EntryId head, FeedSubscription subscription) {
        FeedLog log = feed.state.entries();
        if (log == null) {
            return true;
        }
        if (head.sequence() >= log.last().sequence()) {
            if (restarted && !head.equals(log.last().id)) {
                unchecked = true; // The member may have had its seat in the history before.
                feed.checkSoon();
            }
            return true;
        }
        FeedNode node = log.find(head);
        if (node == null) {
            return subscription.isSeated(members());
        }
        boolean seated = true;
        for (FeedNode next = node.next; next != null && seated; next = next.next) {
            SharedEvent event = next.event;
            seated = event == null || !subscription.isEndedBy(event.event());
        }
        return seated;
    }
}
