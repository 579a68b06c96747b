package io.github.ephemeralchat.model;

/** A participant asked for what only the room's owner may do. */
public final class NotPermittedException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     */
    public NotPermittedException(String rule) {
        super(rule);
    }

    /** Makes the exception with its usual message. */
    public NotPermittedException() {
        this("only the room's owner may do this");
    }
}
