package io.github.ephemeralchat.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time that stands still until a test moves it. Thread-safe. */
public final class SettableTime implements InstantSource {

    private Instant now;

    /** Makes a time that stands at noon of the first of January 2030, UTC. */
    public SettableTime() {
        this(Instant.parse("2030-01-01T12:00:00Z"));
    }

    /**
     * Makes a time.
     *
     * @param start where it stands
     */
    public SettableTime(Instant start) {
        now = start;
    }

    /**
     * Moves the time.
     *
     * @param step how far; backwards if it is negative
     */
    public synchronized void advance(Duration step) {
        now = now.plus(step);
    }

    /**
     * Puts the time somewhere else.
     *
     * @param instant any instant
     */
    public synchronized void set(Instant instant) {
        now = instant;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }
}
