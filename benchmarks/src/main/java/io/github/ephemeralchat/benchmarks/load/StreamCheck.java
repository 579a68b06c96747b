package io.github.ephemeralchat.benchmarks.load;

import java.util.Arrays;
import java.util.BitSet;

/** What one stream brought of one room's messages. Knows nothing of who sent them: it is told, and compares. */
final class StreamCheck {

    private static final int HASH = 31;

    private final BitSet seen = new BitSet();
    private final int[] lastOfPublisher;
    private int order;
    private long doubled;
    private long reordered;

    StreamCheck(int publishers) {
        lastOfPublisher = new int[publishers];
        Arrays.fill(lastOfPublisher, -1);
    }

    /** Takes a message; false where it had come before. */
    boolean got(int sequence, int publisher) {
        if (seen.get(sequence)) {
            doubled++;
            return false;
        }
        seen.set(sequence);
        int source = publisher % lastOfPublisher.length;
        if (sequence < lastOfPublisher[source]) {
            reordered++;
        }
        lastOfPublisher[source] = sequence;
        order = order * HASH + sequence;
        return true;
    }

    long missing(BitSet acknowledged) {
        BitSet missing = (BitSet) acknowledged.clone();
        missing.andNot(seen);
        return missing.cardinality();
    }

    /** Whether two streams that have the same messages have them in another order. */
    boolean divergesFrom(StreamCheck other) {
        return seen.equals(other.seen) && order != other.order;
    }

    long doubled() {
        return doubled;
    }

    long reordered() {
        return reordered;
    }
}
