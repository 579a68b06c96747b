package io.github.ephemeralchat.model;

/** The room wants a proof from whoever takes a new seat, and this one is missing or wrong. */
public final class WrongProofException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public WrongProofException() {
        super("the proof is missing or wrong");
    }
}
