package io.github.ephemeralchat.model;

/** The room is locked: it takes nobody who has no seat yet. */
public final class RoomLockedException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    private final boolean encrypted;

    /**
     * Creates the exception.
     *
     * @param encrypted whether the room's texts are opaque: what the next attempt has to bring depends on it
     */
    public RoomLockedException(boolean encrypted) {
        super("the room is locked");
        this.encrypted = encrypted;
    }

    /** {@return whether the room's texts are opaque} */
    public boolean encrypted() {
        return encrypted;
    }
}
