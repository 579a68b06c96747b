package io.github.ephemeralchat.model;

/** The room's log has no message at that place, or none that can be claimed. */
public final class MessageNotFoundException extends EphemeralChatException {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public MessageNotFoundException() {
        super("there is no such message");
    }
}
