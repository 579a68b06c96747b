package io.github.ephemeralchat;

/**
 * Where a transport tells what the service cannot see for itself: its streams, its bytes, its refusals. Thread-safe;
 * nothing here throws.
 *
 * @see EphemeralChatService#transportObserver
 */
public interface TransportObserver {

    /** A stream was opened. */
    void streamOpened();

    /** A stream that was told of has ended; called once for each. */
    void streamClosed();

    /**
     * Bytes were handed to a stream's connection. Cheap enough for every write.
     *
     * @param bytes how many
     */
    void written(int bytes);

    /**
     * A request was refused.
     *
     * @param code the problem's code: one of a few constants, never anything that somebody sent
     */
    void refused(String code);
}
