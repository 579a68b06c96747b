package io.github.ephemeralchat.model;

/** The token belongs to no participant of the room. */
public final class NotAParticipantException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     */
    public NotAParticipantException(String rule) {
        super(rule);
    }

    /** Makes the exception with its usual message. */
    public NotAParticipantException() {
        this("the token belongs to no participant of the room");
    }
}
