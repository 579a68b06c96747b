package io.github.ephemeralchat.model;

/**
 * The room cannot be served now: the store cannot be reached in time. Nothing was queued, and whether a write was stored
 * is unknown.
 */
public class ChatUnavailableException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param rule what could not be done; never a text, a name, a token or a room's code
     */
    public ChatUnavailableException(String rule) {
        super(rule);
    }

    /**
     * Creates the exception.
     *
     * @param rule what could not be done; never a text, a name, a token or a room's code
     * @param cause what led to it
     */
    public ChatUnavailableException(String rule, Throwable cause) {
        super(rule, cause);
    }
}
