package io.github.ephemeralchat.benchmarks;

import java.util.List;

/**
 * What a figure does over time, by the medians of the first third and of the last.
 *
 * @param values in the order of time, three at least
 */
record Trend(List<Long> values) {

    private static final double GROWN = 1.1;

    Trend {
        if (values.size() < 3) {
            throw new IllegalArgumentException("a trend has three values at least");
        }
    }

    long first() {
        return median(values.subList(0, values.size() / 3));
    }

    long last() {
        return median(values.subList(values.size() - values.size() / 3, values.size()));
    }

    private static long median(List<Long> some) {
        return some.stream().sorted().skip(some.size() / 2).findFirst().orElseThrow();
    }

    /** Whether it has grown by less than a tenth, and by what it always differs by. */
    boolean isFlat(long slack) {
        return last() <= GROWN * first() + slack;
    }
}
