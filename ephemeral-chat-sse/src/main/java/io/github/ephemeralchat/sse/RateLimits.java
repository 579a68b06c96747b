package io.github.ephemeralchat.sse;

import java.time.Duration;

/**
 * How often one client address, and one participant, may ask. Counted by each node for itself; what is refused never
 * reaches the store. An IPv6 address counts together with its whole /64 network. Immutable.
 *
 * @param requestsPerAddress all requests of an address, refused ones too
 * @param roomsPerAddress rooms that an address creates
 * @param wrongCodesPerAddress attempts of an address to join a room that is not there, so that nobody can try codes
 *     until one fits; once they are used up the address cannot join any room for a while
 * @param messagesPerParticipant messages that a participant posts, over all rooms' streams and tabs of that token
 */
public record RateLimits(
        Limit requestsPerAddress, Limit roomsPerAddress, Limit wrongCodesPerAddress, Limit messagesPerParticipant) {

    private static final RateLimits DEFAULTS = new RateLimits(
            Limit.of(600, Duration.ofSeconds(10)),
            Limit.of(60, Duration.ofMinutes(1)),
            Limit.of(30, Duration.ofMinutes(1)),
            Limit.of(100, Duration.ofSeconds(20)));

    private static final RateLimits OFF =
            new RateLimits(Limit.unlimited(), Limit.unlimited(), Limit.unlimited(), Limit.unlimited());

    /**
     * Returns the usual limits: for each address 600 requests in 10 seconds, 60 rooms and 30 wrong codes in a minute;
     * for each participant 100 messages in 20 seconds.
     *
     * @return the defaults
     */
    public static RateLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Returns no limits at all: for load tests, and for hosts that limit elsewhere.
     *
     * @return nothing is limited
     */
    public static RateLimits off() {
        return OFF;
    }

    /**
     * Returns these limits with another one for requests.
     *
     * @param limit for each address
     * @return a changed copy
     */
    public RateLimits withRequestsPerAddress(Limit limit) {
        return new RateLimits(limit, roomsPerAddress, wrongCodesPerAddress, messagesPerParticipant);
    }

    /**
     * Returns these limits with another one for new rooms.
     *
     * @param limit for each address
     * @return a changed copy
     */
    public RateLimits withRoomsPerAddress(Limit limit) {
        return new RateLimits(requestsPerAddress, limit, wrongCodesPerAddress, messagesPerParticipant);
    }

    /**
     * Returns these limits with another one for wrong codes.
     *
     * @param limit for each address
     * @return a changed copy
     */
    public RateLimits withWrongCodesPerAddress(Limit limit) {
        return new RateLimits(requestsPerAddress, roomsPerAddress, limit, messagesPerParticipant);
    }

    /**
     * Returns these limits with another one for messages.
     *
     * @param limit for each participant
     * @return a changed copy
     */
    public RateLimits withMessagesPerParticipant(Limit limit) {
        return new RateLimits(requestsPerAddress, roomsPerAddress, wrongCodesPerAddress, limit);
    }

    /**
     * A number of times within a span. All of them may come at once; they come back evenly over the span.
     *
     * @param times how often, from 1 to 1,000,000; {@link Integer#MAX_VALUE} for no limit
     * @param per the span, from 1 second to 1 day
     */
    public record Limit(int times, Duration per) {

        private static final int MAX_TIMES = 1_000_000;
        private static final Duration MIN_SPAN = Duration.ofSeconds(1);
        private static final Duration MAX_SPAN = Duration.ofDays(1);
        private static final Limit UNLIMITED = new Limit(Integer.MAX_VALUE, Duration.ofSeconds(1));

        /**
         * Checks both parts.
         *
         * @throws IllegalArgumentException if one is out of bounds
         */
        public Limit {
            if (times < 1 || (times > MAX_TIMES && times != Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("a limit is from 1 to 1,000,000 times, or none");
            }
            if (per.compareTo(MIN_SPAN) < 0 || per.compareTo(MAX_SPAN) > 0) {
                throw new IllegalArgumentException("a limit's span is from 1 second to 1 day");
            }
        }

        /**
         * Makes a limit.
         *
         * @param times how often, from 1 to 1,000,000
         * @param per the span, from 1 second to 1 day
         * @return a limit
         * @throws IllegalArgumentException if one is out of bounds
         */
        public static Limit of(int times, Duration per) {
            return new Limit(times, per);
        }

        /**
         * Returns no limit.
         *
         * @return what never refuses anything
         */
        public static Limit unlimited() {
            return UNLIMITED;
        }

        /**
         * Tells whether there is no limit.
         *
         * @return whether nothing is ever refused
         */
        public boolean isUnlimited() {
            return times == Integer.MAX_VALUE;
        }
    }
}
