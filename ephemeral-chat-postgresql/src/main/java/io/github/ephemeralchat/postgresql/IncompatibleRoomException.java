package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.EphemeralChatException;

/**
 * The room was written by another version of this library, in a format that this one does not know. Nothing of it was
 * read, and nothing was changed: a node of that version serves it, until it ends.
 */
public final class IncompatibleRoomException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public IncompatibleRoomException() {
        super("the room was written by another version, in a format that this one does not know");
    }
}
