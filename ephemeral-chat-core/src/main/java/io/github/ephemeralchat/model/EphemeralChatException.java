package io.github.ephemeralchat.model;

/** The root of all that this library throws on purpose, other than for a wrong argument. */
public class EphemeralChatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     */
    public EphemeralChatException(String rule) {
        super(rule);
    }

    /**
     * Creates the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     * @param cause what led to it
     */
    public EphemeralChatException(String rule, Throwable cause) {
        super(rule, cause);
    }
}
