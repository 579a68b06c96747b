package io.github.ephemeralchat.model;

/** A participant asked for what only the room's owner may do. */
public final class NotPermittedException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public NotPermittedException() {
        super("only the room's owner may do this");
    }
}
