package io.github.ephemeralchat.model;

/** A change names a participant that has no seat. */
public final class NoSuchSeatException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public NoSuchSeatException() {
        super("that participant has no seat");
    }
}
