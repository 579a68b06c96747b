package io.github.ephemeralchat.model;

/** The room ends in less than a minute, so its deadline no longer moves. */
public final class TooLateException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public TooLateException() {
        super("the room ends in less than a minute");
    }
}
