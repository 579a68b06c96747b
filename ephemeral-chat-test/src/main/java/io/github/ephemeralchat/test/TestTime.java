package io.github.ephemeralchat.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A time that stands still until a test moves it. Thread-safe. In an application with the Spring Boot starter, a bean of the
 * name {@code ephemeralChatTime} makes it the time of the rooms in memory.
 */
public final class TestTime implements InstantSource {

    private Instant now = Instant.parse("2030-01-01T12:00:00Z");

    /** Makes a time that stands at noon of the first of January 2030, UTC. */
    public TestTime() {}

    /**
     * Moves the time. What that ends is told by the chat's own threads, within moments; {@link TestChat#advance} waits for it.
     *
     * @param step how far
     * @throws IllegalArgumentException if it is negative: the time of a chat never goes back
     */
    public synchronized void advance(Duration step) {
        if (Objects.requireNonNull(step, "step").isNegative()) {
            throw new IllegalArgumentException("time does not go back");
        }
        now = now.plus(step);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }
}
