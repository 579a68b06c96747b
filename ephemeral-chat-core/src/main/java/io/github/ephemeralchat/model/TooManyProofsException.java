package io.github.ephemeralchat.model;

import java.time.Duration;

/** The room has got too many wrong proofs in a row, so new seats wait for a while. */
public final class TooManyProofsException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** How long to wait. */
    private final Duration retryAfter;

    /**
     * Creates the exception.
     *
     * @param retryAfter how long no new seat is given
     */
    public TooManyProofsException(Duration retryAfter) {
        super("too many wrong proofs");
        this.retryAfter = retryAfter;
    }

    /** {@return how long no new seat is given} */
    public Duration retryAfter() {
        return retryAfter;
    }
}
