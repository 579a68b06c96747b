package io.github.ephemeralchat.model;

/** The room is locked: it takes nobody who has no seat yet. */
public final class RoomLockedException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public RoomLockedException() {
        super("the room is locked");
    }
}
