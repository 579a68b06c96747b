package io.github.ephemeralchat.model;

/** A participant asked for what its role in the room does not allow. */
public final class NotPermittedException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public NotPermittedException() {
        super("the participant's role does not allow this");
    }
}
