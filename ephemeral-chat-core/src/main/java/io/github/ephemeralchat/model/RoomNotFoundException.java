package io.github.ephemeralchat.model;

/** There is no such room: never was, expired or destroyed, which are deliberately the same. */
public final class RoomNotFoundException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public RoomNotFoundException() {
        super("there is no such room");
    }
}
