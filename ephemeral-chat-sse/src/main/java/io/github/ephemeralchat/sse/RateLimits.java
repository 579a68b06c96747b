package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.internal.support.Setting;
import java.time.Duration;
import java.util.Objects;

/**
 * How often one client address, and one participant, may ask. Counted by each node for itself; what is refused never
 * reaches the store. An IPv6 address counts together with its whole /64 network. Immutable.
 *
 * @param requestsPerAddress all requests of an address, refused ones too
 * @param roomsPerAddress rooms that an address creates
 * @param wrongCodesPerAddress attempts of an address to join a room that is not there, so that nobody can try codes
 *     until one fits; once they are used up the address cannot join any room for a while. The networks that it lies in,
 *     /24 of IPv4, /56 and /48 of IPv6, have several times as many. If they are off, no wrong code is counted at all; else
 *     all addresses together have 1,000 a minute, over all nodes if the store counts them: beyond that an address that
 *     has tried a wrong code in the last 10 minutes cannot join any room
 * @param messagesPerParticipant messages, entries of the host's kinds and changes of the room that a participant makes with
 *     one token, from however many tabs; cues count as requests alone
 * @param bytesPerAddress how much an address has in living rooms at once, of what it has written there itself: bytes of
 *     text, and some for each room, seat and message; {@link Long#MAX_VALUE} for no limit
 */
public record RateLimits(
        Limit requestsPerAddress,
        Limit roomsPerAddress,
        Limit wrongCodesPerAddress,
        Limit messagesPerParticipant,
        long bytesPerAddress) {

    private static final int USUAL_SHARE_OF_HEAP = 16;

    private static final RateLimits DEFAULTS = new RateLimits(
            Limit.of(600, Duration.ofSeconds(10)),
            Limit.of(60, Duration.ofMinutes(1)),
            Limit.of(30, Duration.ofMinutes(1)),
            Limit.of(100, Duration.ofSeconds(20)),
            Runtime.getRuntime().maxMemory() / USUAL_SHARE_OF_HEAP);

    private static final RateLimits OFF =
            new RateLimits(Limit.unlimited(), Limit.unlimited(), Limit.unlimited(), Limit.unlimited(), Long.MAX_VALUE);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if an address may not have a single byte
     */
    public RateLimits {
        Objects.requireNonNull(requestsPerAddress, "requestsPerAddress");
        Objects.requireNonNull(roomsPerAddress, "roomsPerAddress");
        Objects.requireNonNull(wrongCodesPerAddress, "wrongCodesPerAddress");
        Objects.requireNonNull(messagesPerParticipant, "messagesPerParticipant");
        Setting.atLeast(1, "bytesPerAddress", bytesPerAddress);
    }

    /**
     * Returns the usual limits: for each address 600 requests in 10 seconds, 60 rooms and 30 wrong codes in a minute, and
     * a sixteenth of the JVM's greatest heap in bytes; for each participant 100 messages in 20 seconds.
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
        return new RateLimits(limit, roomsPerAddress, wrongCodesPerAddress, messagesPerParticipant, bytesPerAddress);
    }

    /**
     * Returns these limits with another one for new rooms.
     *
     * @param limit for each address
     * @return a changed copy
     */
    public RateLimits withRoomsPerAddress(Limit limit) {
        return new RateLimits(requestsPerAddress, limit, wrongCodesPerAddress, messagesPerParticipant, bytesPerAddress);
    }

    /**
     * Returns these limits with another one for wrong codes.
     *
     * @param limit for each address
     * @return a changed copy
     */
    public RateLimits withWrongCodesPerAddress(Limit limit) {
        return new RateLimits(requestsPerAddress, roomsPerAddress, limit, messagesPerParticipant, bytesPerAddress);
    }

    /**
     * Returns these limits with another one for messages.
     *
     * @param limit for each participant
     * @return a changed copy
     */
    public RateLimits withMessagesPerParticipant(Limit limit) {
        return new RateLimits(requestsPerAddress, roomsPerAddress, wrongCodesPerAddress, limit, bytesPerAddress);
    }

    /**
     * Returns these limits with another one for the bytes in living rooms.
     *
     * @param bytes for each address, from 1; {@link Long#MAX_VALUE} for no limit
     * @return a changed copy
     */
    public RateLimits withBytesPerAddress(long bytes) {
        return new RateLimits(requestsPerAddress, roomsPerAddress, wrongCodesPerAddress, messagesPerParticipant, bytes);
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
            Objects.requireNonNull(per, "per");
            if (times != Integer.MAX_VALUE) {
                Setting.within(1, MAX_TIMES, "times of a limit", times);
            }
            Setting.within(MIN_SPAN, MAX_SPAN, "span of a limit", per);
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

        /** The same span with so many times more. */
        Limit times(int factor) {
            return isUnlimited() ? this : new Limit((int) Math.min(MAX_TIMES, (long) times * factor), per);
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
