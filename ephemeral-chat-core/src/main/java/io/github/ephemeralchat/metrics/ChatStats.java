package io.github.ephemeralchat.metrics;

/**
 * The numbers of one node: some of this moment, some counted since its service was built. A call looks at each subscription
 * at most once; without calls nothing is computed. Thread-safe; the numbers are of about the same moment.
 *
 * @see io.github.ephemeralchat.EphemeralChatService#stats
 */
public interface ChatStats {

    /** {@return how many rooms somebody listens to here} */
    int rooms();

    /** {@return how many subscriptions there are: listeners, and the streams of all transports} */
    int subscriptions();

    /** {@return how many event streams are open, over all transports of this service} */
    int streams();

    /** {@return how many entries the slowest subscription has not taken yet, at most 20,000: from there on it is reset} */
    long greatestLag();

    /** {@return how many events subscriptions have taken; one event that three subscribers take counts three times} */
    long eventsDelivered();

    /** {@return how many bytes transports have written to event streams, before compression and encryption} */
    long bytesWritten();
}
