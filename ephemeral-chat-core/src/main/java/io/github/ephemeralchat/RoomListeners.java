package io.github.ephemeralchat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The host's listeners of all rooms; none of them delays another. Thread-safe. */
record RoomListeners(List<ListenerCalls> all) {

    static RoomListeners of(List<RoomListener> listeners, Executor executor) {
        return new RoomListeners(listeners.stream()
                .map(listener -> new ListenerCalls(listener, executor))
                .toList());
    }

    void created(RoomId room, Participant owner) {
        tell(room, listener -> listener.created(room, owner));
    }

    void joined(RoomId room, Participant participant) {
        tell(room, listener -> listener.joined(room, participant));
    }

    void left(RoomId room, Identity identity) {
        tell(room, listener -> listener.left(room, identity));
    }

    void ended(RoomId room, EndReason reason) {
        tell(room, listener -> listener.ended(room, reason));
    }

    private void tell(RoomId room, Consumer<RoomListener> call) {
        all.forEach(calls -> calls.add(room, call));
    }
}
