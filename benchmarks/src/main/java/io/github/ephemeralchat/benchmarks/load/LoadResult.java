package io.github.ephemeralchat.benchmarks.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run brought.
 *
 * @param posted how many messages were acknowledged
 * @param refused how many posts were answered otherwise, or not at all
 * @param delivered how many events came, each counted once for each stream
 * @param verdict what was wrong with them
 * @param streamsCut how many streams the server ended
 * @param took from the first post to the last delivery
 * @param latency from a post, sent or due, to its event at a stream, in microseconds
 * @param answers from a post to its answer, in microseconds
 * @param failure the first thing that went wrong, for people; null where nothing did
 */
public record LoadResult(
        long posted,
        long refused,
        long delivered,
        Verdict verdict,
        long streamsCut,
        Duration took,
        Histogram latency,
        Histogram answers,
        @Nullable String failure) {

    private static final double MICROS_PER_MILLI = 1000;

    /**
     * Returns a quantile of the latency.
     *
     * @param percentile such as 99
     * @return milliseconds
     */
    public double latencyMillis(double percentile) {
        return latency.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }

    /**
     * Tells whether everybody got everything.
     *
     * @return whether nothing was refused, wrong or cut
     */
    public boolean isClean() {
        return refused == 0 && verdict.isClean() && streamsCut == 0 && failure == null;
    }
}
