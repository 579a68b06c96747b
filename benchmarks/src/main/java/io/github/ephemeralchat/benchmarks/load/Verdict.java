package io.github.ephemeralchat.benchmarks.load;

/**
 * What was wrong with what was delivered.
 *
 * @param lost acknowledged messages that a stream did not bring, summed over streams
 * @param doubled messages that a stream brought again
 * @param reordered messages of one publisher that came after a later one of the same
 * @param strayed messages of another room
 * @param divergentRooms rooms with two streams that brought the same messages in different orders
 */
public record Verdict(long lost, long doubled, long reordered, long strayed, long divergentRooms) {

    /** Nothing wrong. */
    public static final Verdict CLEAN = new Verdict(0, 0, 0, 0, 0);

    /**
     * Adds up.
     *
     * @param other another verdict
     * @return both together
     */
    public Verdict plus(Verdict other) {
        return new Verdict(
                lost + other.lost,
                doubled + other.doubled,
                reordered + other.reordered,
                strayed + other.strayed,
                divergentRooms + other.divergentRooms);
    }

    /**
     * Tells whether nothing was wrong.
     *
     * @return whether every stream brought every message once, in its room's one order
     */
    public boolean isClean() {
        return equals(CLEAN);
    }
}
