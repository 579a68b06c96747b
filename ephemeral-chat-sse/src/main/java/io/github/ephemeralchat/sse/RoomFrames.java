package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.sse.SseFrames.Frame;
import java.util.function.Function;

/** The frames of a room's events. One object for all streams of a room: what it encodes for one serves the others. */
final class RoomFrames implements Function<RoomEvent, Frame> {

    private final RoomJson json;

    RoomFrames(RoomJson json) {
        this.json = json;
    }

    @Override
    public Frame apply(RoomEvent event) {
        if (event instanceof RoomEvent.MessagePosted posted) {
            return SseFrames.logged(posted.entryId(), "message", json.message(posted.message()));
        }
        if (event instanceof RoomEvent.NoticePosted notice) {
            return SseFrames.logged(notice.entryId(), "notice", json.message(notice.message()));
        }
        if (event instanceof RoomEvent.EntryPosted posted) {
            CustomEntry entry = posted.entry();
            return SseFrames.logged(posted.entryId(), entry.kind(), json.entry(entry));
        }
        if (event instanceof RoomEvent.ParticipantJoined joined) {
            EntryId id = joined.entryId();
            return SseFrames.logged(id, "joined", json.joined(id.sequence(), joined.participant(), joined.at()));
        }
        if (event instanceof RoomEvent.ParticipantLeft left) {
            EntryId id = left.entryId();
            return SseFrames.logged(id, "left", json.left(id.sequence(), left.identity(), left.at()));
        }
        return event instanceof RoomEvent.Logged logged ? changed(logged) : unlogged(event);
    }

    private Frame changed(RoomEvent.Logged event) {
        if (event instanceof RoomEvent.MessageForgotten forgotten) {
            return SseFrames.logged(
                    forgotten.entryId(), "forgotten", json.forgotten(forgotten.messageSequence(), forgotten.reason()));
        }
        if (event instanceof RoomEvent.MessageClaimed claimed) {
            return SseFrames.logged(claimed.entryId(), "claimed", json.claimed(claimed));
        }
        if (event instanceof RoomEvent.DeadlineMoved moved) {
            return SseFrames.logged(moved.entryId(), "deadline", json.deadlineMoved(moved));
        }
        if (event instanceof RoomEvent.AdmissionChanged admission) {
            return SseFrames.logged(admission.entryId(), "admission", json.admissionChanged(admission));
        }
        if (event instanceof RoomEvent.RoleChanged role) {
            return SseFrames.logged(role.entryId(), "role", json.roleChanged(role));
        }
        if (event instanceof RoomEvent.PropertyChanged property) {
            return SseFrames.logged(property.entryId(), "property", json.propertyChanged(property));
        }
        throw withoutFrame(event);
    }

    private Frame unlogged(RoomEvent event) {
        if (event instanceof RoomEvent.MessageExpired expired) {
            return SseFrames.frame(
                    "event: forgotten\ndata: ", json.forgotten(expired.messageSequence(), Forgotten.EXPIRED));
        }
        if (event instanceof RoomEvent.CueSent cue) {
            return SseFrames.frame("event: cue\ndata: ", json.cue(cue));
        }
        if (event instanceof RoomEvent.PresenceChanged presence) {
            return SseFrames.frame("event: presence\ndata: ", json.presence(presence));
        }
        if (event instanceof RoomEvent.HistoryReset reset) {
            return SseFrames.frame("event: reset\ndata: ", JsonCodec.reset(reset.reason(), reset.firstSequence()));
        }
        if (event instanceof RoomEvent.RoomDestroyed destroyed) {
            return SseFrames.frame("event: destroyed\ndata: ", JsonCodec.destroyed(destroyed.reason()));
        }
        throw withoutFrame(event);
    }

    private static IllegalStateException withoutFrame(RoomEvent event) {
        return new IllegalStateException(
                "an event without a frame: " + event.getClass().getName());
    }
}
