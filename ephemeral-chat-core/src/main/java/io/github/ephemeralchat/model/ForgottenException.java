package io.github.ephemeralchat.model;

/** The text can no longer be claimed: all its claims are taken, it was deleted, or its time is over. */
public final class ForgottenException extends EphemeralChatException {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public ForgottenException() {
        super("the text is forgotten");
    }
}
