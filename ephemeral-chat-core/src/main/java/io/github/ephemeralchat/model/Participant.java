package io.github.ephemeralchat.model;

/**
 * Somebody who has a seat in a room, connected or not.
 *
 * @param identity who
 * @param owner whether it is the owner: of those who have a seat, the one who has had it longest
 */
public record Participant(Identity identity, boolean owner) {}
