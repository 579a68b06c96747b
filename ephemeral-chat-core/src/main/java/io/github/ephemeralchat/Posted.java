package io.github.ephemeralchat;

/**
 * The answer to a post.
 *
 * @param room the room's life that it is in
 * @param delivery the message as an event, as a rule the very one that this node's subscribers get: what is encoded of it
 *     for the answer serves them too
 * @param stored whether this call stored it; false where an earlier call with the same message id had
 */
public record Posted(RoomKey room, Delivery delivery, boolean stored) {

    /**
     * Returns what was posted.
     *
     * @return the message as it is in the room's log
     */
    public Message message() {
        return ((RoomEvent.MessagePosted) delivery.event()).message();
    }
}
