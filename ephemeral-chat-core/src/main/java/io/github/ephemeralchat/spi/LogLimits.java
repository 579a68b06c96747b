package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.internal.support.Setting;

/**
 * How much of a room's log is retained. An append that exceeds a limit trims the oldest entries; it is never refused for that.
 *
 * @param maxEntries the greatest number of entries, from 1
 * @param maxTextBytes the greatest sum of {@link LogEntry#size()}; the newest entry is retained even if it alone exceeds this
 */
public record LogLimits(int maxEntries, long maxTextBytes) {

    /** The usual limits: 10,000 entries and 8 MiB of text. */
    public static final LogLimits DEFAULT = new LogLimits(10_000, 8L << 20);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public LogLimits {
        Setting.atLeast(1, "maxEntries", maxEntries);
        Setting.atLeast(1, "maxTextBytes", maxTextBytes);
    }
}
