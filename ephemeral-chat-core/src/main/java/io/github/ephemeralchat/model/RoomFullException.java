package io.github.ephemeralchat.model;

/** All seats of the room are taken. */
public final class RoomFullException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public RoomFullException() {
        super("all seats of the room are taken");
    }
}
