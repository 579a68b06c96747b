package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.RoomStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the place of a subscriber who resumes, and reads from the store what lies between it and the feed. One read at
 * a time for each feed, whose result serves all who wait: a thousand streams that come back cost the store what one does.
 */
final class FeedLoader {

    /** The greatest number of entries of one read. */
    static final int PAGE = 500;

    private static final int MAX_ATTEMPTS = 16;

    private final RoomFeed feed;
    private final RoomStore store;

    FeedLoader(RoomFeed feed, RoomStore store) {
        this.feed = feed;
        this.store = store;
    }

    /**
     * Adds the subscription to the feed after the wanted entry, or, where that is not in the history, after a reset.
     * Blocks on the store.
     *
     * @return false where the feed has retired
     */
    boolean resume(FeedSubscription subscription, EntryId entry) {
        EntryId wanted = entry;
        ResetReason reset = null;
        boolean checked = false;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            RoomFeed.Place place = feed.addAt(subscription, wanted, reset);
            if (place == RoomFeed.Place.HERE || place == RoomFeed.Place.RETIRED) {
                return place == RoomFeed.Place.HERE;
            }
            if (place == RoomFeed.Place.AHEAD && !checked) {
                checked = true;
                feed.check();
            } else {
                ResetReason found = place == RoomFeed.Place.OLDER ? load(wanted) : reasonOf(place);
                reset = found == null ? reset : found;
                wanted = found == null ? wanted : EntryId.START;
            }
        }
        throw new ChatUnavailableException("the room's history changes faster than it can be read");
    }

    private static ResetReason reasonOf(RoomFeed.Place place) {
        return place == RoomFeed.Place.TRUNCATED ? ResetReason.TRUNCATED : ResetReason.FORKED;
    }

    /** Null where the feed may reach back to the wanted place now, so that it is worth looking again. */
    private @Nullable ResetReason load(EntryId wanted) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> running = feed.beginLoading(mine);
        if (running != null) {
            running.join();
            return null;
        }
        try {
            FeedLog.Beginning beginning = feed.beginning();
            return beginning == null ? null : load(wanted, beginning);
        } finally {
            feed.endLoading(mine);
        }
    }

    private @Nullable ResetReason load(EntryId wanted, FeedLog.Beginning beginning) {
        FeedNode target = beginning.first();
        List<LogEntry> older = new ArrayList<>();
        EntryId at = wanted;
        boolean more = true;
        while (more) {
            int limit = (int) Math.max(1, Math.min(PAGE, target.sequence() - at.sequence()));
            LogPage page = store.readAfter(feed.room().incarnation(), at, limit);
            ResetReason broken = at.equals(EntryId.START) ? null : reasonOf(page.continuity());
            if (broken != null) {
                return broken;
            }
            page.entries().stream()
                    .filter(entry -> entry.id().sequence() <= target.sequence())
                    .forEach(older::add);
            at = older.isEmpty() ? at : older.get(older.size() - 1).id();
            more = !page.isLast() && page.firstSequence() <= target.sequence() && at.sequence() < target.sequence();
        }
        if (at.sequence() == target.sequence() && !at.equals(target.id) && !target.id.isUnverified()) {
            feed.check(); // The feed itself is in another history.
        } else {
            feed.prepend(wanted, older, beginning);
        }
        return null;
    }

    private static @Nullable ResetReason reasonOf(Continuity continuity) {
        return switch (continuity) {
            case CONTINUOUS -> null;
            case TRUNCATED -> ResetReason.TRUNCATED;
            case FORKED -> ResetReason.FORKED;
        };
    }
}
