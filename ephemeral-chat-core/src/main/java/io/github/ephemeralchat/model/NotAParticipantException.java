package io.github.ephemeralchat.model;

/** The token belongs to no participant of the room. */
public final class NotAParticipantException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public NotAParticipantException() {
        super("the token belongs to no participant of the room");
    }
}
