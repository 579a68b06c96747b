package io.github.ephemeralchat.model;

/** A room's properties would be more than 16, or more than 4 KiB. */
public final class TooManyPropertiesException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public TooManyPropertiesException() {
        super("a room has at most 16 properties and 4 KiB of them");
    }
}
