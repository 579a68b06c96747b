package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.transport.SharedEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a participant's subscription takes of its room beside the log: others' cues, and who is present. Nothing waits in it: it
 * remembers what was taken last. Taken from by one thread at a time; asked by any.
 */
final class BesideLog {

    private final RoomFeed feed;
    private final String participantId;
    private volatile long lastCue;
    private volatile @Nullable SharedEvent lastPresence;

    /** Creates one for which there is nothing of what came before. */
    BesideLog(RoomFeed feed, String participantId) {
        this.feed = feed;
        this.participantId = participantId;
        FeedCues cues = feed.state.cues();
        this.lastCue = cues == null ? 0 : cues.newest();
    }

    boolean hasNews() {
        FeedCues cues = feed.state.cues();
        RoomPresence presence = feed.presence();
        return (cues != null && cues.newest() != lastCue) || (presence != null && presence.event() != lastPresence);
    }

    List<SharedEvent> take() {
        if (!hasNews()) {
            return List.of();
        }
        List<SharedEvent> events = new ArrayList<>();
        RoomPresence presence = feed.presence();
        SharedEvent present = presence == null ? null : presence.event();
        if (present != null && present != lastPresence) {
            lastPresence = present;
            events.add(present);
        }
        FeedCues cues = feed.state.cues();
        if (cues != null) {
            long upTo = cues.newest();
            events.addAll(cues.between(lastCue, upTo, participantId));
            lastCue = upTo;
        }
        return events;
    }
}
