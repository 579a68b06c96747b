package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one thread of the generator: all connections and all that they touch belong to it. */
final class LoadLoop implements AutoCloseable {

    private static final int READ_BYTES = 1 << 16;

    final Selector selector;
    final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    final byte[] bytes = new byte[READ_BYTES];
    /** When what is being handled was read. */
    long readNanos;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean closing;

    LoadLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** Has something answered on the loop's thread. */
    <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> answer.complete(question.get()));
        return answer.join();
    }

    /** Keeps the first failure: what follows is most often its consequence. */
    void fail(String what) {
        failure.compareAndSet(null, what);
    }

    @Nullable
    String failure() {
        return failure.get();
    }

    private void run() {
        try (selector) {
            while (!closing) {
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                selector.select(key -> ((Connection) key.attachment()).ready(key));
            }
            selector.keys().forEach(key -> ((Connection) key.attachment()).close());
        } catch (IOException | RuntimeException e) {
            fail("the generator itself: " + e);
        }
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
