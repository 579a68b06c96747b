package io.github.ephemeralchat.model;

/** There is no such room: never was, expired or destroyed, which are deliberately the same. */
public final class RoomNotFoundException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     */
    public RoomNotFoundException(String rule) {
        super(rule);
    }

    /** Makes the exception with its usual message. */
    public RoomNotFoundException() {
        this("there is no such room");
    }
}
