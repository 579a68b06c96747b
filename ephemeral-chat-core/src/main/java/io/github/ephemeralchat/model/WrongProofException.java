package io.github.ephemeralchat.model;

/** The room wants a proof from whoever takes a new seat, and this one is missing or wrong. */
public final class WrongProofException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    private final boolean encrypted;

    /**
     * Creates the exception.
     *
     * @param encrypted whether the room's texts are opaque: what the next attempt has to bring depends on it
     */
    public WrongProofException(boolean encrypted) {
        super("the proof is missing or wrong");
        this.encrypted = encrypted;
    }

    /** {@return whether the room's texts are opaque} */
    public boolean encrypted() {
        return encrypted;
    }
}
