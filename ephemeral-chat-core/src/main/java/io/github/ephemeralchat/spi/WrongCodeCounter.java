package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.ChatUnavailableException;

/**
 * An optional ability of a {@link RoomStore}: to count over all nodes how many wrong room codes were tried. Without
 * it each node knows its own only. Blocking and thread-safe.
 */
public interface WrongCodeCounter {

    /**
     * Adds to the count of the present minute, by the store's time.
     *
     * @param count how many wrong codes this node has seen since its last call, from 1
     * @return how many all nodes have seen in this minute
     * @throws ChatUnavailableException if the store cannot be reached
     */
    long addWrongCodes(int count);
}
