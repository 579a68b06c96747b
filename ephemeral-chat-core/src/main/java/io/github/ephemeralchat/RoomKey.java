package io.github.ephemeralchat;

/**
 * One life of a room: its code and the random number that tells this life from an earlier or later one under the same
 * code.
 *
 * @param id the room's code
 * @param incarnation a random number drawn when the room was created
 */
public record RoomKey(RoomId id, long incarnation) {}
