package io.github.ephemeralchat.internal.telemetry;

import io.github.ephemeralchat.internal.feed.FeedRegistry;
import io.github.ephemeralchat.internal.feed.FeedSubscription;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.metrics.ChatStats;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the observers what happens seldom, and counts what happens for each delivery. */
public final class Telemetry {

    private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

    private final List<ChatObserver> observers;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder streams = new LongAdder();

    public Telemetry(List<ChatObserver> observers) {
        this.observers = List.copyOf(observers);
    }

    public boolean isObserved() {
        return !observers.isEmpty();
    }

    /** Not for a broadcaster's thread, and not under a lock: this is the host's code. */
    public void tell(Consumer<ChatObserver> news) {
        for (ChatObserver observer : observers) {
            try {
                news.accept(observer);
            } catch (Throwable e) {
                complain(e);
            }
        }
    }

    private void complain(Throwable e) {
        if (hasFailed.compareAndSet(false, true)) {
            log.warn(
                    "An observer failed with {}; it goes on being told",
                    e.getClass().getName());
        }
    }

    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            tell(ChatObserver::closed);
        }
    }

    /** A subscription has taken these, in one go. */
    public void delivered(List<SharedEvent> taken) {
        events.add(taken.size());
        if (isObserved()) {
            taken.forEach(this::tellOfReset);
        }
    }

    private void tellOfReset(SharedEvent delivery) {
        if (delivery.event() instanceof HistoryReset reset) {
            tell(observer -> observer.historyReset(reset.reason()));
        }
    }

    public void streamOpened() {
        streams.increment();
        tell(ChatObserver::streamOpened);
    }

    public void streamClosed() {
        streams.decrement();
        tell(ChatObserver::streamClosed);
    }

    public void written(int count) {
        bytes.add(count);
    }

    public ChatStats stats(FeedRegistry feeds) {
        return new Figures(feeds);
    }

    /** What can be pulled. */
    private final class Figures implements ChatStats {
        private final FeedRegistry feeds;

        Figures(FeedRegistry feeds) {
            this.feeds = feeds;
        }

        @Override
        public int rooms() {
            return feeds.size();
        }

        @Override
        public int subscriptions() {
            return (int) feeds.subscriptions().count();
        }

        @Override
        public int streams() {
            return streams.intValue();
        }

        @Override
        public long greatestLag() {
            return feeds.subscriptions().mapToLong(FeedSubscription::lag).max().orElse(0);
        }

        @Override
        public long eventsDelivered() {
            return events.sum();
        }

        @Override
        public long bytesWritten() {
            return bytes.sum();
        }
    }
}
