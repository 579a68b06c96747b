package io.github.ephemeralchat.sse;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what requests that are still on their way hold of the memory of a node, all together: there may be very many of
 * them, since one that is waited for costs no thread. Thread-safe.
 */
public final class IncomingBytes {

    /** Nearly all requests are smaller, and are not counted. */
    private static final int FREE = 4 << 10;

    private final long max;
    private final AtomicLong held = new AtomicLong();

    IncomingBytes(long max) {
        this.max = max;
    }

    /** {@return a part for one request, which holds nothing yet} */
    public Share newShare() {
        return new Share();
    }

    /** What one request holds. Not thread-safe. */
    public final class Share {

        private long counted;

        private Share() {}

        /**
         * Changes how much the request holds.
         *
         * @param bytes from now on; 0 once the request is complete, or will never be
         * @return false if there is not so much left: then nothing has changed
         */
        public boolean hold(long bytes) {
            long wanted = Math.max(0, bytes - FREE);
            long more = wanted - counted;
            if (more == 0) {
                return true;
            }
            if (held.addAndGet(more) > max && more > 0) {
                held.addAndGet(-more);
                return false;
            }
            counted = wanted;
            return true;
        }
    }
}
