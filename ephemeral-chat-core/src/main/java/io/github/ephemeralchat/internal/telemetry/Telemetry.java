package io.github.ephemeralchat.internal.telemetry;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the observers for what happens seldom, and counts what happens for each delivery. Thread-safe. */
public final class Telemetry {

    private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

    private final List<ChatObserver> observers;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder streams = new LongAdder();

    /**
     * Creates a telemetry that has counted nothing.
     *
     * @param observers the host's observers
     */
    public Telemetry(List<ChatObserver> observers) {
        this.observers = List.copyOf(observers);
    }

    /** {@return whether there is an observer} */
    public boolean isObserved() {
        return !observers.isEmpty();
    }

    /**
     * Calls the observers. Not for a broadcaster's thread, and not under a lock: they are the host's code.
     *
     * @param news what to call
     */
    public void tell(Consumer<ChatObserver> news) {
        for (ChatObserver observer : observers) {
            try {
                news.accept(observer);
            } catch (Throwable e) {
                if (hasFailed.compareAndSet(false, true)) {
                    log.warn("An observer failed; it is still called", Failures.withoutMessages(e));
                }
            }
        }
    }

    /** Tells the observers that the service was closed. Idempotent. */
    public void close() {
        if (closed.compareAndSet(false, true)) {
            tell(ChatObserver::closed);
        }
    }

    /**
     * Counts events that a subscription has taken in one go.
     *
     * @param taken the events
     */
    public void delivered(List<SharedEvent> taken) {
        events.add(taken.size());
        if (isObserved()) {
            for (SharedEvent event : taken) {
                if (event.event() instanceof HistoryReset reset) {
                    tell(observer -> observer.historyReset(reset.reason()));
                }
            }
        }
    }

    /** Counts a stream that was opened. */
    public void streamOpened() {
        streams.increment();
        tell(ChatObserver::streamOpened);
    }

    /** Counts a stream that has closed. */
    public void streamClosed() {
        streams.decrement();
        tell(ChatObserver::streamClosed);
    }

    /**
     * Counts bytes that were written to a stream.
     *
     * @param count how many
     */
    public void written(int count) {
        bytes.add(count);
    }

    /** {@return how many streams are open} */
    public int streams() {
        return streams.intValue();
    }

    /** {@return how many events were taken} */
    public long eventsDelivered() {
        return events.sum();
    }

    /** {@return how many bytes were written to streams} */
    public long bytesWritten() {
        return bytes.sum();
    }
}
