package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of older history the feeds of a node may hold together, for subscribers that resume. What does not fit is
 * refused until feeds have shrunk. Thread-safe.
 */
final class HistoryBudget {

    private final long max;
    private final AtomicLong used = new AtomicLong();

    HistoryBudget(long max) {
        this.max = max;
    }

    long used() {
        return used.get();
    }

    /** A part of the budget. Not thread-safe. */
    final class Loan implements AutoCloseable {

        private long bytes;

        /**
         * Takes what the entries of a page need.
         *
         * @throws LimitExceededException if there is not so much left; then nothing has changed
         */
        void take(LogPage page) {
            long more = page.entries().stream()
                    .mapToLong(entry -> entry.size() + LogEntry.OVERHEAD_BYTES)
                    .sum();
            if (used.addAndGet(more) > max) {
                used.addAndGet(-more);
                throw new LimitExceededException("this node has no memory for more history");
            }
            bytes += more;
        }

        /** Takes over what another one has taken. */
        void takeOver(Loan other) {
            bytes += other.bytes;
            other.bytes = 0;
        }

        /** Gives all back; it may then take again. */
        @Override
        public void close() {
            used.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
