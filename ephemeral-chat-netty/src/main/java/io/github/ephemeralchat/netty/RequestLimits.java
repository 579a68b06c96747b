package io.github.ephemeralchat.netty;

import java.time.Duration;

/**
 * How long requests may be, and take.
 *
 * @param maxHeaderBytes of all headers of a request
 * @param idle how long a connection waits for the next request
 * @param complete how long a request takes from its first byte to its last
 */
record RequestLimits(int maxHeaderBytes, Duration idle, Duration complete) {

    private static final int USUAL_HEADER_BYTES = 32 << 10;

    /** More than the 60 s after which the usual balancers close: who closes first must be the one that sends requests. */
    private static final Duration USUAL_IDLE = Duration.ofSeconds(75);

    private static final Duration USUAL_COMPLETE = Duration.ofSeconds(30);

    static final RequestLimits USUAL = new RequestLimits(USUAL_HEADER_BYTES, USUAL_IDLE, USUAL_COMPLETE);

    RequestLimits {
        if (maxHeaderBytes < 1024) {
            throw new IllegalArgumentException("a request has at least 1024 bytes of headers");
        }
        if (idle.toMillis() < 1 || complete.toMillis() < 1) {
            throw new IllegalArgumentException("a time-out is longer than nothing");
        }
    }

    RequestLimits withMaxHeaderBytes(int bytes) {
        return new RequestLimits(bytes, idle, complete);
    }

    RequestLimits withIdle(Duration longest) {
        return new RequestLimits(maxHeaderBytes, longest, complete);
    }

    RequestLimits withComplete(Duration longest) {
        return new RequestLimits(maxHeaderBytes, idle, longest);
    }
}
