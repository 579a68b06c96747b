package io.github.ephemeralchat.spi;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a join.
 *
 * @param seat the seat
 * @param appended the entry that tells of it; null where the identity had that seat already
 */
public record Joined(Seat seat, @Nullable Appended appended) {}
