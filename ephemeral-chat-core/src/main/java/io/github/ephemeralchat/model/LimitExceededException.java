package io.github.ephemeralchat.model;

/** A limit of this node or its store is reached: rooms, memory, streams or waiting callers. */
public final class LimitExceededException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param rule the rule that was broken; never a text, a name, a token or a room's code
     */
    public LimitExceededException(String rule) {
        super(rule);
    }
}
