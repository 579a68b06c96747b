package io.github.ephemeralchat.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the write tasks of one event loop's streams. They run once all sockets that were ready have been read, so that
 * what several posts brought leaves in one write for each stream. If few streams wait, as in small rooms, there is little
 * to join, and they wait for a few responses at most: the first post does not wait for all others. Used on its event loop
 * only.
 */
final class FlushScheduler {

    private static final int FEW_RESPONSES = 4;
    private static final int FEW_STREAMS = 64;

    private static final Logger log = LoggerFactory.getLogger(FlushScheduler.class);

    private static final FastThreadLocal<FlushScheduler> OF_THIS_LOOP = new FastThreadLocal<>() {
        @Override
        protected FlushScheduler initialValue() {
            return new FlushScheduler();
        }
    };

    /** A stream is in it once at the most. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private boolean scheduled;
    private int responses;

    private FlushScheduler() {}

    /** {@return the scheduler of the event loop whose thread this is} */
    static FlushScheduler ofThisLoop() {
        return OF_THIS_LOOP.get();
    }

    /**
     * Adds a task.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
     */
    void add(Runnable task, EventLoop loop) {
        if (!scheduled) {
            loop.execute(this::runScheduled);
            scheduled = true;
        }
        waiting.add(task);
    }

    /** Counts a response that was written. */
    void responded() {
        responses++;
        if (responses >= FEW_RESPONSES && waiting.size() <= FEW_STREAMS) {
            run();
        }
    }

    private void runScheduled() {
        scheduled = false;
        run();
    }

    /** Runs those that wait now; what they add is for the next time. */
    private void run() {
        responses = 0;
        for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
            runSafely(waiting.remove());
        }
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // Whatever it is, the other streams and whoever posted are not to blame.
            LoopLog.warn(log, "Writing to a stream failed", e);
        }
    }
}
