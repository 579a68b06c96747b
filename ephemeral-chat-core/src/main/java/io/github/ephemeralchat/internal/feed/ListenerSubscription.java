package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a subscription's events to the host's code, on the executor, one at a time and in order. */
public final class ListenerSubscription implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ListenerSubscription.class);
    private static final int BATCH = 64;

    private final Consumer<? super RoomEvent> listener;
    private final Executor executor;
    /** Work in progress: whoever finds it zero schedules the next batch. */
    private final AtomicInteger marks = new AtomicInteger();
    /** Written before the first batch is scheduled, read by batches only. */
    private volatile Subscription subscription;

    @SuppressWarnings("NullAway.Init") // Set by subscribe, before anything can run.
    private ListenerSubscription(Consumer<? super RoomEvent> listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
        marks.set(1);
    }

    public static Subscription create(
            Consumer<? super RoomEvent> listener, Executor executor, Function<Runnable, Subscription> subscribe) {
        ListenerSubscription pump = new ListenerSubscription(listener, executor);
        pump.subscription = subscribe.apply(pump::wakeUp);
        pump.schedule();
        return pump.subscription;
    }

    private void wakeUp() {
        if (marks.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            subscription.close();
            log.warn("The listeners' executor takes no more tasks: a subscription was closed");
        }
    }

    /** One batch; then others get their turn. */
    @Override
    public void run() {
        int seen = marks.get();
        List<SharedEvent> events = subscription.poll(BATCH);
        for (SharedEvent delivery : events) {
            RoomEvent event = delivery.event();
            // A batch may outlive its room, or the host's interest.
            boolean stale = subscription.isEnded() || subscription.hasRoomEnded();
            if (!stale || event instanceof RoomEvent.RoomDestroyed) {
                tell(event);
            }
        }
        if (!events.isEmpty() || marks.addAndGet(-seen) != 0) {
            schedule();
        }
    }

    private void tell(RoomEvent event) {
        try {
            listener.accept(event);
        } catch (Throwable e) {
            // Also an AssertionError ends one call, not the listening. Only the class: a message might quote a text.
            log.warn("A listener failed with {}", e.getClass().getName());
        }
    }
}
