package io.github.ephemeralchat.metrics;

/**
 * What one node carries at this moment, and what it has carried since its service was built. Pulled: to ask costs a look
 * at each subscription at most, and nothing is paid while nobody asks. Thread-safe; the numbers are of about the same
 * moment.
 *
 * @see io.github.ephemeralchat.EphemeralChatService#stats
 */
public interface ChatStats {

    /**
     * Returns how many rooms somebody listens to here.
     *
     * @return their number
     */
    int rooms();

    /**
     * Returns how many subscriptions there are: listeners, and the streams of all transports.
     *
     * @return their number
     */
    int subscriptions();

    /**
     * Returns how many event streams are open.
     *
     * @return their number, over all transports of this service
     */
    int streams();

    /**
     * Returns how far behind its room the slowest subscription is.
     *
     * @return entries that are here and that it has not taken, at most 20,000: from there on it is reset
     */
    long greatestLag();

    /**
     * Returns how many events subscriptions have taken.
     *
     * @return their number since the start; one event that three subscribers take counts three times
     */
    long eventsDelivered();

    /**
     * Returns how much transports have written to event streams.
     *
     * @return bytes since the start, before compression and encryption
     */
    long bytesWritten();
}
