package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.SerialTask;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the host's listener with a subscription's events, on the host's executor, one at a time and in order. */
public final class ListenerSubscription {

    private static final Logger log = LoggerFactory.getLogger(ListenerSubscription.class);
    private static final int BATCH = 64;

    private final Consumer<? super RoomEvent> listener;
    /** One batch a run; then others get the thread. */
    private final SerialTask batches;

    private final Subscription subscription;

    private ListenerSubscription(
            Consumer<? super RoomEvent> listener, Executor executor, Function<Runnable, Subscription> subscribe) {
        this.listener = listener;
        this.batches = SerialTask.createHeld(this::callListener, executor, 1);
        this.subscription = subscribe.apply(() -> orClose(batches::request));
        orClose(() -> executor.execute(batches::startHere));
    }

    /**
     * Begins to call a listener.
     *
     * @param listener the host's code
     * @param executor where it runs
     * @param subscribe subscribes with a wake-up
     * @return the subscription
     */
    public static Subscription create(
            Consumer<? super RoomEvent> listener, Executor executor, Function<Runnable, Subscription> subscribe) {
        return new ListenerSubscription(listener, executor, subscribe).subscription;
    }

    private void orClose(Runnable submit) {
        try {
            submit.run();
        } catch (RejectedExecutionException e) {
            subscription.close();
            log.warn("The listeners' executor takes no more tasks: a subscription was closed");
        } catch (Error e) { // No thread is to be had: the host gets to know, and nothing of it stays.
            subscription.close();
            throw e;
        }
    }

    private void callListener() {
        List<SharedEvent> events = subscription.poll(BATCH);
        for (SharedEvent shared : events) {
            RoomEvent event = shared.event();
            // A batch may outlive its room, or the host's interest.
            boolean stale = subscription.isEnded() || subscription.hasRoomEnded();
            if (!stale || event instanceof RoomEvent.RoomDestroyed) {
                call(event);
            }
        }
        if (!events.isEmpty()) {
            batches.request(); // There may be more.
        }
    }

    private void call(RoomEvent event) {
        try {
            listener.accept(event);
        } catch (Throwable e) {
            // Also an AssertionError ends one call, not the listening.
            log.warn("A listener failed", Failures.withoutMessages(e));
        }
    }
}
