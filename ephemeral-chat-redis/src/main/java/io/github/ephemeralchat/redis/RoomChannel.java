package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomSignal;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one room on this node, and a mailbox between them and the connection. The mailbox is bounded: what
 * finds it full is dropped, and the listeners then hear that something was missed. One thread at a time empties it, so
 * that a room's signals keep their order.
 */
final class RoomChannel implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(RoomChannel.class);
    private static final int MAILBOX_BYTES = 1 << 20;
    /** What a signal costs beside its bytes; it also bounds their number. */
    private static final int OVERHEAD_BYTES = 1 << 10;

    private static final int AT_ONCE = 64;

    private final RoomId room;
    private final Executor executor;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> confirmed = new CompletableFuture<>();
    private final Queue<byte[]> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger mailboxBytes = new AtomicInteger();
    private final AtomicBoolean missed = new AtomicBoolean();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    RoomChannel(RoomId room, Executor executor) {
        this.room = room;
        this.executor = executor;
    }

    /** Done once Redis has said that the channel is subscribed. */
    CompletableFuture<Void> confirmed() {
        return confirmed;
    }

    void add(Listener listener) {
        listeners.add(listener);
    }

    /** Whether nobody is left. */
    boolean remove(Listener listener) {
        listeners.remove(listener);
        return listeners.isEmpty();
    }

    // ---- On the connection's thread: nothing here blocks ----

    void subscribed() {
        if (!confirmed.complete(null)) {
            missed(); // Subscribed again: there was a time in between.
        }
    }

    void missed() {
        missed.set(true);
        schedule();
    }

    void offer(byte[] signal) {
        int cost = signal.length + OVERHEAD_BYTES;
        if (mailboxBytes.addAndGet(cost) > MAILBOX_BYTES) {
            mailboxBytes.addAndGet(-cost);
            missed();
        } else {
            mailbox.add(signal);
            schedule();
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this);
            } catch (RejectedExecutionException e) {
                scheduled.set(false); // Closed: nobody listens any more.
            }
        }
    }

    // ---- On a thread of the executor ----

    @Override
    public void run() {
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                byte[] signal = mailbox.poll();
                if (signal == null) {
                    break;
                }
                mailboxBytes.addAndGet(-signal.length - OVERHEAD_BYTES);
                tell(SignalCodec.decode(room, signal));
            }
            if (missed.getAndSet(false)) {
                tell(new RoomSignal.Missed(room));
            }
        } finally {
            scheduled.set(false);
            if (!mailbox.isEmpty() || missed.get()) {
                schedule();
            }
        }
    }

    private void tell(RoomSignal signal) {
        for (Listener listener : listeners) {
            listener.hear(signal);
        }
    }

    /** Somebody who listens, until it is closed. */
    static final class Listener {

        private final Consumer<RoomSignal> consumer;
        private volatile boolean open = true;

        Listener(Consumer<RoomSignal> consumer) {
            this.consumer = consumer;
        }

        void close() {
            open = false;
        }

        private void hear(RoomSignal signal) {
            if (!open) {
                return;
            }
            try {
                consumer.accept(signal);
            } catch (RuntimeException e) {
                // Only the class: a message might quote what somebody wrote.
                log.warn("A listener failed with {}", e.getClass().getName());
            }
        }
    }
}
