package io.github.ephemeralchat;

/**
 * The answer to a post.
 *
 * @param room the room's life that it is in
 * @param message the message as it is in the room's log
 * @param stored whether this call stored it; false where an earlier call with the same message id had
 */
public record Posted(RoomKey room, Message message, boolean stored) {}
