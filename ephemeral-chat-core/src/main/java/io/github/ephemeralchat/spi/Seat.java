package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.Room;

/**
 * A member in its room.
 *
 * @param room the room
 * @param member who has the seat
 */
public record Seat(Room room, Member member) {}
