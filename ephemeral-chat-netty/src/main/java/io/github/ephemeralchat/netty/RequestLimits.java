package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.internal.support.Setting;
import java.time.Duration;
import java.util.Objects;

/**
 * How long requests may be, and take.
 *
 * @param maxHeaderBytes of all headers of a request
 * @param idle how long a connection waits for the next request
 * @param complete how long a request takes from its first byte to its last
 */
record RequestLimits(int maxHeaderBytes, Duration idle, Duration complete) {

    private static final int LEAST_HEADER_BYTES = 1024;
    private static final int USUAL_HEADER_BYTES = 32 << 10;

    /** More than the 60 s after which the usual balancers close: who closes first must be the one that sends requests. */
    private static final Duration USUAL_IDLE = Duration.ofSeconds(75);

    private static final Duration USUAL_COMPLETE = Duration.ofSeconds(30);

    static final RequestLimits USUAL = new RequestLimits(USUAL_HEADER_BYTES, USUAL_IDLE, USUAL_COMPLETE);

    RequestLimits {
        Objects.requireNonNull(idle, "idleTimeout");
        Objects.requireNonNull(complete, "requestTimeout");
        Setting.atLeast(LEAST_HEADER_BYTES, "maxHeaderBytes", maxHeaderBytes);
        Setting.check(idle.toMillis() >= 1, "idleTimeout", idle, "a millisecond or more");
        Setting.check(complete.toMillis() >= 1, "requestTimeout", complete, "a millisecond or more");
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
