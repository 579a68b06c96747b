package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.SerialTask;
import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel on this node, a room's or the one of all nodes: what Redis was asked for it, its listeners, and a mailbox
 * between them and the connection. The mailbox is bounded: what finds it full is dropped, and the listeners then hear that
 * they have missed something. One thread at a time empties it, so that a channel's signals keep their order.
 */
final class SignalChannel {

    /** What Redis was asked for, and whether it has answered. */
    enum State {
        ABSENT,
        SUBSCRIBING,
        SUBSCRIBED,
        UNSUBSCRIBING
    }

    private static final Logger log = LoggerFactory.getLogger(SignalChannel.class);
    private static final int MAILBOX_BYTES = 1 << 20;
    /** What a signal costs beside its bytes; it also bounds their number. */
    private static final int OVERHEAD_BYTES = 1 << 10;

    private static final int SIGNALS_AT_ONCE = 64;

    private final String name;
    /** Where the channel is in a cluster: in the slot of its room's keys. */
    private final int slot;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<byte[]> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger mailboxBytes = new AtomicInteger();
    private final AtomicBoolean missed = new AtomicBoolean();
    private final SerialTask delivery;

    // The channel thread's own.
    /** On which connection the channel is subscribed; null until that is known. */
    @Nullable
    SignalConnection home;

    State state = State.ABSENT;

    /**
     * Creates a channel without listeners.
     *
     * @param executor where listeners are called; null for the thread that offers the signal
     */
    SignalChannel(String name, @Nullable Executor executor) {
        this.name = name;
        this.slot = SlotHash.getSlot(name);
        this.delivery = executor == null
                ? SerialTask.create(this::callListeners, Runnable::run, Integer.MAX_VALUE)
                : SerialTask.create(this::callListeners, executor, 1);
    }

    String name() {
        return name;
    }

    int slot() {
        return slot;
    }

    // ---- On the channel thread ----

    boolean isWanted() {
        return !listeners.isEmpty();
    }

    /** Whether Redis has to be asked for something. */
    boolean isUnsettled() {
        return state == State.ABSENT ? isWanted() : state == State.SUBSCRIBED && !isWanted();
    }

    void add(Listener listener) {
        listeners.add(listener);
        if (state == State.SUBSCRIBED) {
            listener.subscribed.complete(null);
        }
    }

    void remove(Listener listener) {
        listeners.remove(listener);
    }

    /** Redis has confirmed it. Listeners that were subscribed before may have missed something since. */
    void subscribed() {
        state = State.SUBSCRIBED;
        boolean again = false;
        for (Listener listener : listeners) {
            again |= !listener.subscribed.complete(null);
        }
        if (again) {
            missed();
        }
    }

    /** Redis has refused the last command. Registrations that do not stand yet fail. */
    void refused(Throwable failure) {
        if (state == State.UNSUBSCRIBING) {
            subscribed();
        } else if (state == State.SUBSCRIBING) {
            state = State.ABSENT;
            listeners.removeIf(listener -> listener.subscribed.completeExceptionally(failure));
        }
    }

    // ---- On any thread: nothing here blocks ----

    void missed() {
        missed.set(true);
        delivery.request();
    }

    void offer(byte[] signal) {
        int cost = signal.length + OVERHEAD_BYTES;
        if (mailboxBytes.addAndGet(cost) > MAILBOX_BYTES) {
            mailboxBytes.addAndGet(-cost);
            missed();
        } else {
            mailbox.add(signal);
            delivery.request();
        }
    }

    // ---- Where listeners are called ----

    private void callListeners() {
        for (int i = 0; i < SIGNALS_AT_ONCE; i++) {
            byte[] signal = mailbox.poll();
            if (signal == null) {
                break;
            }
            mailboxBytes.addAndGet(-signal.length - OVERHEAD_BYTES);
            listeners.forEach(listener -> listener.onSignal(signal));
        }
        if (missed.getAndSet(false)) {
            listeners.forEach(Listener::onMissed);
        }
        if (!mailbox.isEmpty()) {
            delivery.request();
        }
    }

    /** A registration: two of one consumer are two. */
    static final class Listener {

        private final Consumer<byte[]> consumer;
        private final Runnable whenMissed;
        private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
        private volatile boolean open = true;

        /**
         * Creates a registration that is not subscribed yet.
         *
         * @param consumer takes a signal as it was sent
         * @param whenMissed called if signals may have been lost
         */
        Listener(Consumer<byte[]> consumer, Runnable whenMissed) {
            this.consumer = consumer;
            this.whenMissed = whenMissed;
        }

        /** Done once the channel is subscribed for this listener. */
        CompletableFuture<Void> subscribed() {
            return subscribed;
        }

        void close() {
            open = false;
        }

        private void onSignal(byte[] signal) {
            call(() -> consumer.accept(signal));
        }

        private void onMissed() {
            call(whenMissed);
        }

        private void call(Runnable listener) {
            if (!open) {
                return;
            }
            try {
                listener.run();
            } catch (Throwable e) {
                log.warn("A listener of signals failed", Failures.withoutMessages(e));
            }
        }
    }
}
