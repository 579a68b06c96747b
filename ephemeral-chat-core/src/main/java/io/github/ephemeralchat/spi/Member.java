package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Identity;

/**
 * Somebody who has a seat.
 *
 * @param identity who
 * @param joinedSequence the sequence of the entry that says so
 * @param owner whether no other member has a lower {@code joinedSequence}
 */
public record Member(Identity identity, long joinedSequence, boolean owner) {}
