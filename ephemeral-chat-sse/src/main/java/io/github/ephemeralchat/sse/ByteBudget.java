package io.github.ephemeralchat.sse;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what requests that are still on their way, or responses that clients have not taken, hold of the memory of a node, all
 * together: there may be very many of them, since one that is waited for costs no thread. Thread-safe.
 */
public final class ByteBudget {

    /** Nearly all are smaller, and are not counted. */
    private static final int FREE = 4 << 10;

    private final long max;
    private final AtomicLong held = new AtomicLong();

    ByteBudget(long max) {
        this.max = max;
    }

    /** {@return a part for one request or response, which holds nothing yet} */
    public Share newShare() {
        return new Share();
    }

    /** What one request or response holds. Not thread-safe. */
    public final class Share {

        private long counted;

        private Share() {}

        /**
         * Changes how much this holds.
         *
         * @param bytes from now on; 0 once the request is complete or the response taken, or will never be
         * @return false if there is not so much left: then nothing has changed
         */
        public boolean hold(long bytes) {
            long wanted = Math.max(0, bytes - FREE);
            long more = wanted - counted;
            if (more == 0) {
                return true;
            }
            long all = held.addAndGet(more);
            // One that is too large by itself has its turn once nothing else is held.
            if (more > 0 && all > max && all != more) {
                held.addAndGet(-more);
                return false;
            }
            counted = wanted;
            return true;
        }
    }
}
