package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.spi.LogEntry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the heap a store's rooms may take together. It counts by estimates that are rather too high, so that a
 * full store refuses long before the JVM runs out of memory. Thread-safe.
 */
final class MemoryBudget {

    // What a 64-bit JVM needs for the objects of each, with their places in collections.
    static final int ROOM_BYTES = 1_500;
    static final int MEMBER_BYTES = 500;
    static final int TOKEN_BYTES = 300;
    static final int CLAIMS_BYTES = 400;
    static final int CLAIM_BYTES = 200;
    private static final int ENTRY_BYTES = 450;
    private static final int END_BYTES = 150;

    private final long max;
    private final AtomicLong used = new AtomicLong();

    MemoryBudget(long max) {
        this.max = max;
    }

    /** What an entry takes. A string has one byte for each character if all of them are Latin-1, else two. */
    static long bytes(LogEntry entry) {
        String body = entry.body();
        int fixed = entry.life().expiresAt() == null ? ENTRY_BYTES : ENTRY_BYTES + END_BYTES;
        return fixed + (entry.size() == body.length() ? body.length() : 2L * body.length());
    }

    long used() {
        return used.get();
    }

    /** What one room has taken. Not thread-safe: the room's lock guards it. */
    final class Account {

        private long taken;

        /**
         * Takes bytes.
         *
         * @throws LimitExceededException if there are not so many left; then nothing has changed
         */
        void take(long bytes) {
            if (used.addAndGet(bytes) > max) {
                used.addAndGet(-bytes);
                throw new LimitExceededException("the store's memory is full");
            }
            taken += bytes;
        }

        /** Takes bytes even if there are not so many left. */
        void takeAnyway(long bytes) {
            used.addAndGet(bytes);
            taken += bytes;
        }

        void give(long bytes) {
            used.addAndGet(-bytes);
            taken -= bytes;
        }

        /** Gives back all that was taken. */
        void close() {
            give(taken);
        }
    }
}
