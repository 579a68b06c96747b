package io.github.ephemeralchat;

/**
 * The room cannot be served now: the store cannot be reached in time. Nothing was queued, and whether a write was stored
 * is unknown, except where {@link IncompatibleRoomException} says so.
 */
public class ChatUnavailableException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     */
    public ChatUnavailableException(String rule) {
        super(rule);
    }

    /**
     * Makes the exception.
     *
     * @param rule what could not be done
     * @param cause what the store's client said
     */
    public ChatUnavailableException(String rule, Throwable cause) {
        super(rule, cause);
    }
}
