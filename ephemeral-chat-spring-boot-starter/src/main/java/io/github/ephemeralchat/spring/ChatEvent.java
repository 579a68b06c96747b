package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.RoomListener;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;

/**
 * What a {@link RoomListener} is told, as events of the application, and as often as it says there. They are
 * published on the listeners' executor of the chat, those about one room in order, and never with a text. A method of the
 * host's may listen to one kind, or to all:
 *
 * <pre>{@code
 * @EventListener
 * void count(ChatEvent.RoomCreated created) {
 *     System.out.println("a room of " + created.owner().identity().name());
 * }
 * }</pre>
 *
 * <p>More kinds may come: a {@code switch} over them needs a default.
 */
public sealed interface ChatEvent {

    /** {@return the room's code} */
    RoomId room();

    /**
     * A room was created.
     *
     * @param room its code
     * @param owner who created it
     */
    record RoomCreated(RoomId room, Participant owner) implements ChatEvent {}

    /**
     * Somebody took a seat; the owner's is told by {@link RoomCreated} alone.
     *
     * @param room the room's code
     * @param participant who
     */
    record ParticipantJoined(RoomId room, Participant participant) implements ChatEvent {}

    /**
     * A seat was freed.
     *
     * @param room the room's code
     * @param identity who had it
     */
    record ParticipantLeft(RoomId room, Identity identity) implements ChatEvent {}

    /**
     * A room has ended.
     *
     * @param room its code, which another room may have later
     * @param reason why
     */
    record RoomEnded(RoomId room, EndReason reason) implements ChatEvent {}
}
