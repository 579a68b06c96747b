package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.SerialTask;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one room, or of what is sent to all nodes, and what waits for them. Bounded: what finds it full is dropped,
 * and the listeners then hear that they have missed something. One thread at a time empties it, so that signals keep their
 * order. Thread-safe; nothing here blocks.
 */
final class SignalMailbox<S> {

    private static final Logger log = LoggerFactory.getLogger(SignalMailbox.class);
    private static final int MAX_SIGNALS = 4_000;
    private static final int SIGNALS_AT_ONCE = 64;

    private final List<Listener<S>> listeners = new CopyOnWriteArrayList<>();
    private final Queue<S> signals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean missed = new AtomicBoolean();
    private final SerialTask delivery;
    private final Consumer<Listener<S>> whenMissed;

    /**
     * Creates a mailbox without listeners.
     *
     * @param executor where listeners are called
     * @param whenMissed tells a listener that it has missed something
     */
    SignalMailbox(Executor executor, Consumer<Listener<S>> whenMissed) {
        this.delivery = SerialTask.create(this::callListeners, executor, 1);
        this.whenMissed = whenMissed;
    }

    SignalMailbox<S> with(Listener<S> listener) {
        listeners.add(listener);
        return this;
    }

    /** Whether there are others. */
    boolean remove(Listener<S> listener) {
        listeners.remove(listener);
        return !listeners.isEmpty();
    }

    void missed() {
        missed.set(true);
        delivery.request();
    }

    void offer(S signal) {
        if (size.incrementAndGet() > MAX_SIGNALS) {
            size.decrementAndGet();
            missed();
        } else {
            signals.add(signal);
            delivery.request();
        }
    }

    private void callListeners() {
        for (int i = 0; i < SIGNALS_AT_ONCE; i++) {
            S signal = signals.poll();
            if (signal == null) {
                break;
            }
            size.decrementAndGet();
            listeners.forEach(listener -> listener.onSignal(signal));
        }
        if (missed.getAndSet(false)) {
            listeners.forEach(whenMissed);
        }
        if (!signals.isEmpty()) {
            delivery.request();
        }
    }

    /** A registration: two of one consumer are two. */
    static final class Listener<S> {

        private final Consumer<S> consumer;
        private volatile boolean closed;

        Listener(Consumer<S> consumer) {
            this.consumer = consumer;
        }

        void close() {
            closed = true;
        }

        void onSignal(S signal) {
            if (closed) {
                return;
            }
            try {
                consumer.accept(signal);
            } catch (Throwable e) {
                log.warn("A listener of signals failed", Failures.withoutMessages(e));
            }
        }
    }
}
