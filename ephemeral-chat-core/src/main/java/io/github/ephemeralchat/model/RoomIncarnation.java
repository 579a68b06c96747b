package io.github.ephemeralchat.model;

/**
 * One incarnation of a room. A code may be used again after a room has ended; the random number tells the two rooms apart.
 *
 * @param id the room's code
 * @param number drawn at random when the room was created
 */
public record RoomIncarnation(RoomId id, long number) {}
