package io.github.ephemeralchat.model;

/** All seats of the room are taken. */
public final class RoomFullException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     */
    public RoomFullException(String rule) {
        super(rule);
    }

    /** Makes the exception with its usual message. */
    public RoomFullException() {
        this("all seats of the room are taken");
    }
}
