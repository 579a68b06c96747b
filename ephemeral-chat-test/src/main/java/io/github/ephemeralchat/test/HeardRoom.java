package io.github.ephemeralchat.test;

import io.github.ephemeralchat.model.RoomEvent;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The events of a room since a test began to listen, in order; the test takes them on its own thread. Thread-safe. Holds up
 * to 10,000 events that are not taken; beyond that the room's listener waits.
 */
public final class HeardRoom {

    private static final int CAPACITY = 10_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BlockingQueue<RoomEvent> events = new LinkedBlockingQueue<>(CAPACITY);
    private final AtomicBoolean ended = new AtomicBoolean();

    HeardRoom() {}

    void hear(RoomEvent event) {
        try {
            events.put(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (event instanceof RoomEvent.RoomDestroyed) {
            ended.set(true);
        }
    }

    boolean hasEnded() {
        return ended.get();
    }

    /**
     * Takes the next event, and waits up to 10 seconds for it.
     *
     * @return the event
     * @throws AssertionError if there is none by then
     */
    public RoomEvent next() {
        RoomEvent event = poll();
        if (event == null) {
            throw new AssertionError("the room told nothing more within " + TIMEOUT.toSeconds() + " s");
        }
        return event;
    }

    private @Nullable RoomEvent poll() {
        try {
            return events.poll(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for an event", e);
        }
    }

    /**
     * Takes the next event of a kind, and waits up to 10 seconds for each event before it, which is dropped.
     *
     * @param type the kind
     * @param <T> the kind
     * @return the event
     * @throws AssertionError if the room tells nothing more before that
     */
    public <T extends RoomEvent> T next(Class<T> type) {
        Objects.requireNonNull(type, "type");
        RoomEvent event = next();
        while (!type.isInstance(event)) {
            event = next();
        }
        return type.cast(event);
    }

    /**
     * Takes the next message, and drops what is before it.
     *
     * @return its text
     * @throws AssertionError if the room tells nothing more before that
     */
    public String nextText() {
        return next(RoomEvent.MessagePosted.class).message().text();
    }
}
